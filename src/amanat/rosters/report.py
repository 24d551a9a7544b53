"""What was wrong with a roster, said by line and column, and never with the value itself.

The texts stand in one closed list and take line numbers only, so that no personal value can slip into a report,
a log or a page. A file that must not be read at all is an error; a row that cannot be used is a `Rejection`.
"""

import enum
from dataclasses import dataclass

from amanat.errors import MalformedError


class Fault(enum.Enum):
    """Why a row cannot be used, and how to mend it."""

    MISSING = ("a required value is missing", "fill the cell")
    TOO_MANY_CELLS = (
        "the row has more cells than there are columns",
        "put quotation marks round values that hold the separator",
    )
    TOO_FEW_CELLS = ("the row has fewer cells than there are columns", "keep the separators of empty cells")
    TOO_LONG = ("the value is too long", "shorten it; only what the column asks for belongs here")
    BAD_BYTE = ("a character could not be read", "save the file as UTF-8 and send it again")
    HIDDEN_CHARACTER = ("the value holds an invisible control character", "type the value again")
    FORMULA = ("the value begins like a spreadsheet formula", "remove the leading = + - or @, tab or line break")
    AMBIGUOUS_DATE = ("the date can be read in two ways", "write year-month-day, as in 2026-04-03")
    BAD_DATE = ("this is not a date", "write year-month-day, as in 2026-04-03")
    IMPOSSIBLE_BIRTH = ("nobody in the roster can be born on that day", "correct the date of birth")
    COVER_ENDS_FIRST = ("the cover ends before it begins", "correct one of the two dates")
    TRIP_ENDS_FIRST = ("the trip ends before it begins", "correct one of the two dates")
    HALF_A_TRIP = ("a trip needs its country and both dates", "fill all three cells or none")
    UNKNOWN_COUNTRY = ("there is no such country", "write the two letters of ISO 3166, as in CH")
    UNKNOWN_LANGUAGE = ("there is no such language", "write a language tag, as in fr or pt-BR")
    UNKNOWN_RELATION = ("this is not one of the relations", "write employee, dependant, member or beneficiary")
    UNKNOWN_GENDER = ("this is not one of the genders", "write female, male or other, or leave the cell empty")
    UNKNOWN_MOBILITY = ("this is not a mobility status", "write expatriate, traveller or local, or leave it empty")
    BAD_EMAIL = ("this is not an e-mail address", "write it as name@organisation.example")
    BAD_PHONE = ("this is not a telephone number", "write it with its country code, as in +41 44 668 18 00")
    PHONE_EXTENSION = ("the telephone number holds an extension", "give the direct number without it")
    BAD_NUMBER = ("the number holds characters that no policy number has", "use letters, digits, space and . / _ -")
    DUPLICATE = ("the same policy number also stands on {lines}", "keep one of the rows, or correct the number")
    NO_EMPLOYEE = (
        "nobody with that policy number is an employee or member here",
        "name the policy number of the person they belong to",
    )
    EMPLOYEE_REJECTED = ("the person they belong to was rejected on {lines}", "mend that row first")
    NOT_A_DEPENDANT = ("only a dependant can belong to somebody else", "correct the relation, or empty the cell")

    def __init__(self, what: str, mend: str) -> None:
        self.what = what
        self.mend = mend


@dataclass(frozen=True)
class Rejection:
    """One reason why one row was not taken. `column` is the header as the file has it; empty for the whole row."""

    line: int
    column: str
    fault: Fault
    others: tuple[int, ...] = ()

    @property
    def what(self) -> str:
        return self.fault.what.format(lines=_lines(self.others))

    @property
    def mend(self) -> str:
        return self.fault.mend

    def __str__(self) -> str:
        place = f"line {self.line}, column `{self.column}`" if self.column else f"line {self.line}"
        return f"{place}: {self.what}; {self.mend}"


def _lines(numbers: tuple[int, ...]) -> str:
    if len(numbers) == 1:
        return f"line {numbers[0]}"
    return f"lines {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}" if numbers else "another line"


class RosterRefusedError(MalformedError):
    """The file cannot be read as a roster; nothing of it was kept."""


class QuarantinedRosterError(RosterRefusedError):
    """The file holds a column that must not come in; no row was read.

    Header names, size and digest are all that may be kept of it, to talk with its sender.
    """

    clause = "3.3"

    def __init__(self, columns: tuple[str, ...], *, headers: tuple[str, ...], size: int, digest: str) -> None:
        self.columns, self.headers, self.size, self.digest = columns, headers, size, digest
        named = ", ".join(f"`{column}`" for column in columns)
        super().__init__(f"{self.reason}: {named} (clause {self.clause}); no row was read", hint=self.mend)

    reason = "the roster holds columns that must not come in"
    mend = "remove the columns and send the file again"


class MedicalColumnError(QuarantinedRosterError):
    """The roster holds a column about health; no row was read."""

    clause = "3.2a"
    reason = "the roster holds columns about health"
    mend = "remove them and send the file again; members enter their own health data themselves, if they wish"


class SpendingColumnError(QuarantinedRosterError):
    """The roster holds a column about spending or payment; no row was read."""

    clause = "3.2d"
    reason = "the roster holds columns about spending or payment"
    mend = "remove them and send the file again; who is covered, and from when, is all that is needed"
