"""What the preamble promises to explain, and the clauses that do (L04).

The source promised seven things and explained five. Each promise is answered by clauses that rule or declare something,
so that no heading alone can keep it.
"""

from collections.abc import Iterator, Mapping
from string import ascii_lowercase
from typing import Final, NamedTuple

from amanat.statement.diagnostics import Diagnostic
from amanat.statement.document import Line, Note, Section
from amanat.statement.lints.look import Look
from amanat.statement.spans import finding

_PREAMBLE: Final = "0.10"


class Promise(NamedTuple):
    """A promise, and its answers: of each group, one clause at least. `3.4*` is any clause whose id begins so."""

    says: str
    answers: tuple[tuple[str, ...], ...]


PROMISES: Final[Mapping[str, Promise]] = {
    "0.10a": Promise("what is collected", (("3.4*",),)),
    "0.10b": Promise("how and why it is collected", (("3.1*", "3.2*", "3.3*", "3.6*"),)),
    "0.10c": Promise("uses, recipients and reasons", (("6.*",), ("8.5*", "8.11*"))),
    "0.10d": Promise("how to correct or delete", (("R.2",), ("R.3",))),
    "0.10e": Promise("why data moves across the network", (("6.6", "6.7", "6.8"),)),
    "0.10f": Promise("the measures that protect it", (("9.*",),)),
    "0.10g": Promise("whom to ask, and where to complain", (("C.1",), ("C.2",))),
}


def unanswered(look: Look) -> Iterator[Diagnostic]:
    """L04: a promise that is made and that no clause keeps."""
    speaking = [one.id for one in look.statement.sections if look.operative(one)]
    for clause, line in _made(look).items():
        lacking = [group for group in PROMISES[clause].answers if not _answered(group, speaking)]
        if lacking:
            message = f"promise {clause} ({PROMISES[clause].says}) has no answering clause"
            hint = "add " + ", and ".join(" or ".join(group) for group in lacking)
            yield finding(line, _PREAMBLE, "L04", message, hint, clause)


def _answered(group: tuple[str, ...], speaking: list[str]) -> bool:
    return any(_fits(clause, answer) for clause in speaking for answer in group)


def _fits(clause: str, answer: str) -> bool:
    number = answer.rstrip("*")
    return clause.startswith(number) if number.endswith(".") else number in (clause, clause.rstrip(ascii_lowercase))


def _made(look: Look) -> dict[str, Line]:
    """The promises that the statement makes, with the line that says so."""
    made: dict[str, Line] = {}
    for section in look.statement.sections:
        if section.id.rstrip(ascii_lowercase) == _PREAMBLE:
            named = _sources(section)
            speaks = (clause for clause in PROMISES if _speaks(section, clause, named))
            made |= {clause: named.get(clause, section.heading) for clause in speaks}
    return made


def _sources(section: Section) -> dict[str, Line]:
    notes = [one for one in section.body if isinstance(one, Note) and one.kind == "source"]
    return {clause.strip(): note.line for note in notes for clause in note.text.split(",")}


def _speaks(section: Section, clause: str, named: Mapping[str, Line]) -> bool:
    """A preamble that names no source makes all seven."""
    return clause in named if named else section.id in (_PREAMBLE, clause)
