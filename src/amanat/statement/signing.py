"""The co-sign lock: who read a clause, when, and the seal of what was read. A changed clause is unsigned.

A signature is a line below its clause, `> approved <reviewer> <date> <seal>`. The seal is SHA-256 over everything else
in the clause, so a word changed in prose, rule, case or note breaks it; how lines are broken and spaced does not. It
tells an honest reader what to read again. It proves no identity: the signature over an export does that.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from amanat.errors import MalformedError
from amanat.statement.compile import Statement
from amanat.statement.diagnostics import visible
from amanat.statement.document import Fence, Line, Note, Section

APPROVED: Final = "approved"
_FORM: Final = "amanat clause 1"
_SIGNED: Final = re.compile(r"(?P<reviewer>\S.*?) (?P<day>\d{4}-\d{2}-\d{2}) (?P<seal>[0-9a-f]{64})")
_LONGEST_NAME: Final = 80


class SigningError(MalformedError):
    """A clause cannot be signed so."""


@dataclass(frozen=True, slots=True)
class Approval:
    """One signature, as it stands in the file. `reviewer` is empty if the line cannot be read."""

    line: Line
    reviewer: str = ""
    day: str = ""
    seal: str = ""


def seal_of(section: Section) -> str:
    """SHA-256, in hexadecimal, over the clause without its signatures."""
    parts: dict[str, list[list[str]]] = {"prose": [], "rule": [], "cases": [], "note": []}
    for piece in section.body:
        if isinstance(piece, Line):
            parts["prose"].append([" ".join(piece.text.split())])
        elif isinstance(piece, Fence):
            parts.setdefault(piece.word, []).extend(_spaced(line) for line in piece.written)
        elif piece.kind != APPROVED:
            parts["note"].append([piece.kind, " ".join(piece.text.split())])
    prose = " ".join(text for (text,) in parts.pop("prose") if text)
    form = json.dumps([_FORM, section.id, section.title, prose, sorted(parts.items())], ensure_ascii=False)
    return hashlib.sha256(form.encode()).hexdigest()


def _spaced(line: Line) -> list[str]:
    """The words of a line of a block; one that is indented belongs to the one above it."""
    return ["  " if line.text[:1].isspace() else "", *line.text.split()]


def approvals(section: Section) -> list[Approval]:
    """The signatures below a clause, in the file's order."""
    return [_approval(one) for one in section.body if isinstance(one, Note) and one.kind == APPROVED]


def _approval(note: Note) -> Approval:
    found = _SIGNED.fullmatch(note.text.strip())
    return Approval(note.line, found["reviewer"], found["day"], found["seal"]) if found else Approval(note.line)


def is_signed(section: Section) -> bool:
    """Whether somebody signed the clause, and as it stands."""
    found = approvals(section)
    return bool(found) and {one.seal for one in found} == {seal_of(section)}


def unsigned(statement: Statement) -> tuple[str, ...]:
    """The clauses that nobody signed as they stand."""
    return tuple(section.id for section in statement.sections if not is_signed(section))


def sign(statement: Statement, reviewer: str, day: date, clauses: Collection[str] = ()) -> str:
    """The text of the statement with the reviewer's signature below these clauses, or below all.

    Signatures of others stay where they still hold. Raises `SigningError`.
    """
    name = _name(reviewer)
    lines: list[str | None] = list(statement.text.replace("\r\n", "\n").split("\n"))
    for section in chosen(statement, clauses):
        _put(lines, section, f"> {APPROVED} {name} {day.isoformat()} {seal_of(section)}", name)
    return "\n".join(line for line in lines if line is not None)


def chosen(statement: Statement, clauses: Collection[str]) -> list[Section]:
    """The clauses of these ids, or all; an id that is none raises `SigningError`."""
    known = {section.id: section for section in statement.sections}
    for clause in clauses:
        if clause not in known:
            raise SigningError(f"there is no clause `{clause[:40]}` to sign", hint="give the id of a heading")
    return [section for section in statement.sections if not clauses or section.id in clauses]


def _name(reviewer: str) -> str:
    name = " ".join(reviewer.split())
    if not name or len(name) > _LONGEST_NAME or visible(name) != name:
        raise SigningError(f"a reviewer has a name of 1 to {_LONGEST_NAME} letters", hint="--reviewer 'Dina Weber'")
    return name


def _put(lines: list[str | None], section: Section, signature: str, name: str) -> None:
    """Below the last line of the clause, in place of what no longer holds and of this reviewer's own."""
    seal = seal_of(section)
    gone = {one.line.number for one in approvals(section) if one.seal != seal or one.reviewer == name}
    last = max(number for number in _written(section) if number not in gone)
    lines[last - 1] = f"{lines[last - 1]}\n{signature}"
    for number in gone:
        lines[number - 1] = None


def _written(section: Section) -> Iterator[int]:
    """The numbers of the lines of a clause that are not blank."""
    yield section.heading.number
    for piece in section.body:
        if isinstance(piece, Fence):
            yield (piece.closing or piece.opening).number
        elif isinstance(piece, Note):
            yield piece.line.number
        elif piece.text.strip():
            yield piece.number
