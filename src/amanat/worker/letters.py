"""The words of letters: `templates/mail/<kind>/subject.txt` and `body.txt`, and the same with a language's code.

A letter says that something happened, under which clauses, and where to read it: never what. Mail is read on other
people's screens, so no subject and no body holds a health word or anything that was kept for the person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from babel.dates import format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from amanat.errors import NotFoundError

_FOLDER = Path(__file__).parent / "templates" / "mail"


class UnknownLetterError(NotFoundError):
    """There are no words for this kind of message."""


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


def write_letter(kind: str, language: str, *, company: str, on: datetime, clauses: Sequence[str]) -> Letter:
    """The letter of a kind in `language`, or in English where there is no such translation."""
    spoken = language.replace("_", "-").partition("-")[0].lower()
    translated = f".{spoken}" if f"{kind}/body.{spoken}.txt" in _names() else ""
    if f"{kind}/body{translated}.txt" not in _names():
        raise UnknownLetterError(f"there are no words for messages of kind `{kind[:48]}`")
    day = format_datetime(on, "d MMMM yyyy, HH:mm 'UTC'", locale=spoken if translated else "en")
    words = {"company": company, "on": day, "clauses": ", ".join(clauses)}
    subject, body = (
        _environment().get_template(f"{kind}/{part}{translated}.txt").render(words).strip()
        for part in ("subject", "body")
    )
    return Letter(subject, body + "\n")


@cache
def _environment() -> Environment:
    return Environment(  # noqa: S701  # plain text: escaping would show to the reader
        loader=FileSystemLoader(_FOLDER), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


@cache
def _names() -> frozenset[str]:
    return frozenset(_environment().list_templates())
