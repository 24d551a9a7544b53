"""What was wrong with a roster, said by line and column, and never with the value itself.

The texts stand in one closed list and take line numbers only, so that no personal value can slip into a report,
a log or a page. A file that must not be read at all is an error; a row that cannot be used is a `Rejection`.
"""

import enum
from dataclasses import dataclass
from uuid import UUID

from amanat.errors import MalformedError


def N_(text: str) -> str:  # noqa: N802  # the name by which catalogues find texts
    """Mark a text for translation where it stands; a portal translates it when it is shown."""
    return text


class Fault(enum.Enum):
    """Why a row cannot be used, and how to mend it."""

    MISSING = (N_("a required value is missing"), N_("fill the cell"))
    TOO_MANY_CELLS = (
        N_("the row has more cells than there are columns"),
        N_("put quotation marks round values that hold the separator"),
    )
    TOO_FEW_CELLS = (N_("the row has fewer cells than there are columns"), N_("keep the separators of empty cells"))
    TOO_LONG = (N_("the value is too long"), N_("shorten it; only what the column asks for belongs here"))
    BAD_BYTE = (N_("a character could not be read"), N_("save the file as UTF-8 and send it again"))
    HIDDEN_CHARACTER = (N_("the value holds an invisible control character"), N_("type the value again"))
    FORMULA = (
        N_("the value begins like a spreadsheet formula"),
        N_("remove the leading = + - or @, tab or line break"),
    )
    AMBIGUOUS_DATE = (N_("the date can be read in two ways"), N_("write year-month-day, as in 2026-04-03"))
    BAD_DATE = (N_("this is not a date"), N_("write year-month-day, as in 2026-04-03"))
    IMPOSSIBLE_BIRTH = (N_("nobody in the roster can be born on that day"), N_("correct the date of birth"))
    COVER_ENDS_FIRST = (N_("the cover ends before it begins"), N_("correct one of the two dates"))
    TRIP_ENDS_FIRST = (N_("the trip ends before it begins"), N_("correct one of the two dates"))
    HALF_A_TRIP = (N_("a trip needs its country and both dates"), N_("fill all three cells or none"))
    UNKNOWN_COUNTRY = (N_("there is no such country"), N_("write the two letters of ISO 3166, as in CH"))
    UNKNOWN_LANGUAGE = (N_("there is no such language"), N_("write a language tag, as in fr or pt-BR"))
    UNKNOWN_RELATION = (N_("this is not one of the relations"), N_("write employee, dependant, member or beneficiary"))
    UNKNOWN_GENDER = (N_("this is not one of the genders"), N_("write female, male or other, or leave the cell empty"))
    UNKNOWN_MOBILITY = (
        N_("this is not a mobility status"),
        N_("write expatriate, traveller or local, or leave it empty"),
    )
    BAD_EMAIL = (N_("this is not an e-mail address"), N_("write it as name@organisation.example"))
    BAD_PHONE = (N_("this is not a telephone number"), N_("write it with its country code, as in +41 44 668 18 00"))
    PHONE_EXTENSION = (N_("the telephone number holds an extension"), N_("give the direct number without it"))
    BAD_NUMBER = (
        N_("the number holds characters that no policy number has"),
        N_("use letters, digits, space and . / _ -"),
    )
    DUPLICATE = (
        N_("the same policy number also stands on %(lines)s"),
        N_("keep one of the rows, or correct the number"),
    )
    NO_EMPLOYEE = (
        N_("nobody with that policy number is an employee or member here"),
        N_("name the policy number of the person they belong to"),
    )
    EMPLOYEE_REJECTED = (N_("the person they belong to was rejected on %(lines)s"), N_("mend that row first"))
    NOT_A_DEPENDANT = (
        N_("only a dependant can belong to somebody else"),
        N_("correct the relation, or empty the cell"),
    )

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
        return self.fault.what % {"lines": lines_of(self.others)}

    @property
    def mend(self) -> str:
        return self.fault.mend

    def __str__(self) -> str:
        place = f"line {self.line}, column `{self.column}`" if self.column else f"line {self.line}"
        return f"{place}: {self.what}; {self.mend}"


def lines_of(numbers: tuple[int, ...]) -> str:
    if len(numbers) == 1:
        return f"line {numbers[0]}"
    return f"lines {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}" if numbers else "another line"


class RosterRefusedError(MalformedError):
    """The file cannot be read as a roster; nothing of it was kept.

    `text` and `mend` are for a catalogue; what takes the `places` in them are numbers and column names, never values.
    """

    def __init__(self, text: str, *, hint: str, **places: object) -> None:
        self.text, self.mend, self.places = text, hint, places
        super().__init__(text % places, hint=hint)


class QuarantinedRosterError(RosterRefusedError):
    """The file must not come in; no row of it was kept.

    Header names, size and digest are all that may be kept of it, to talk with its sender.
    """

    clause = ""
    reason = ""
    remedy = ""
    file: UUID | None = None  # the record of it, where one was kept

    def __init__(self, columns: tuple[str, ...], *, headers: tuple[str, ...], size: int, digest: str) -> None:
        self.columns, self.headers, self.size, self.digest = columns, headers, size, digest
        super().__init__(
            self.reason, hint=self.remedy, columns=", ".join(f"`{column}`" for column in columns), clause=self.clause
        )


class MedicalColumnError(QuarantinedRosterError):
    """The roster holds a column about health; no row was read."""

    clause = "3.2a"
    reason = "the roster holds columns about health: %(columns)s (clause %(clause)s); no row was read"
    remedy = "remove them and send the file again; members enter their own health data themselves, if they wish"


class SpendingColumnError(QuarantinedRosterError):
    """The roster holds a column about spending or payment; no row was read."""

    clause = "3.2d"
    reason = "the roster holds columns about spending or payment: %(columns)s (clause %(clause)s); no row was read"
    remedy = "remove them and send the file again; who is covered, and from when, is all that is needed"


class NotAttestedError(QuarantinedRosterError):
    """Nobody answers for the sender's right to share; nobody was taken in."""

    clause = "3.3"
    reason = "the sender's word that it may share its people's data is missing or has run out (clause %(clause)s)"
    remedy = "have the client give its word anew, with ground, date and contact; then send the file again"
