"""The law packs: what is recorded of 33 jurisdictions, each value with its unit, its status and its first day.

Model data, not advice. Values stand in `lawpacks.csv`, one a line, so that a review is a text difference. What was not
read on a public page may tighten the house's own floor and never relax it (`deadlines.py` holds that).
"""

import csv
import enum
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from amanat.errors import MalformedError
from amanat.vocabulary.law import COUNTRIES_WITH_PACK, EEA, packs_of

# What a value can be about. Times, then ages, then what is told in words or lists.
CLOCKS: Final = (
    "acknowledge", "access", "correct", "erase", "withdraw", "opt_out", "complain", "assess", "authority", "report",
    "people", "tell_recipients", "file_contract",
)  # fmt: skip
AGES: Final = ("child_age", "majority")
WORDS: Final = ("law", "route", "adequate", "localisation")

_CLOCK: Final = re.compile(r"([1-9][0-9]*)(h|d|bd|M)(?:\+([1-9][0-9]*)\2)?")
_NO_NUMBER: Final = ("asap", "none", "?")


class LawPackError(MalformedError):
    """The recorded law cannot be read."""


class Status(enum.Enum):
    """Where a value comes from; its mark stands behind it in tables."""

    VERIFIED = "verified"  # read on a public page
    PARTIAL = "partial"  # seen in part, or in a secondary text
    UNVERIFIED = "unverified"  # general knowledge

    @property
    def mark(self) -> str:
        return {"verified": "✓", "partial": "~", "unverified": "?"}[self.value]


@dataclass(frozen=True, slots=True)
class Clock:
    """A time: so many hours (`h`), days (`d`), business days (`bd`) or months (`M`), and how much longer it may get."""

    amount: int
    unit: str
    extension: int = 0


@dataclass(frozen=True, slots=True)
class Value:
    """One recorded value. `text` is as written: `1M+2M`, `asap` (no number), `none` (no such duty), `?`, `13y`, words.

    `pack` is a law pack, or a member of the European Economic Area for what differs inside it. `since` is its first
    day; without one it held whenever anybody could ask.
    """

    pack: str
    topic: str
    text: str
    status: Status
    since: date | None = None
    note: str = ""

    @property
    def clock(self) -> Clock | None:
        """The time; None where the law names no number."""
        found = _CLOCK.fullmatch(self.text) if self.topic in CLOCKS else None
        return Clock(int(found[1]), found[2], int(found[3] or 0)) if found else None

    @property
    def age(self) -> int | None:
        known = self.topic in AGES and self.text[-1] == "y"
        return int(self.text[:-1]) if known else None

    @property
    def at_once(self) -> bool:
        return self.text == "asap"

    def holds(self, day: date) -> bool:
        return self.since is None or self.since <= day


@cache
def recorded() -> tuple[Value, ...]:
    """All values, in the order of the file."""
    text = files("amanat").joinpath("vocabulary/lawpacks.csv").read_text(encoding="utf-8")
    return tuple(read_values(text.splitlines()))


def read_values(lines: Iterable[str]) -> list[Value]:
    """Read the lines of a law file; a line that is not understood is an error that names it."""
    return [_value(number, row) for number, row in enumerate(csv.DictReader(lines), 2)]


def _value(number: int, row: Mapping[str, str]) -> Value:
    if None in row or None in row.values():
        raise LawPackError(f"line {number} of the law packs has not six columns", hint="quote what holds a comma")
    try:
        since = date.fromisoformat(row["since"]) if row["since"] else None
        value = Value(row["pack"], row["topic"], row["value"], Status(row["status"]), since, row["note"])
    except (KeyError, ValueError) as error:
        raise LawPackError(
            f"line {number} of the law packs: {error}", hint="columns as in the first line, days as 2027-05-01"
        ) from None
    if value.pack not in PACKS and value.pack not in EEA:
        raise LawPackError(
            f"line {number} of the law packs: unknown pack `{value.pack}`", hint=", ".join(sorted(PACKS))
        )
    if not _well_formed(value):
        hint = "times `1M+2M`, `30d`, `10bd`, `72h`; ages `13y`; `asap`, `none`, `?`"
        raise LawPackError(f"line {number} of the law packs: `{value.topic}` cannot be `{value.text}`", hint=hint)
    return value


def _well_formed(value: Value) -> bool:
    if value.topic in CLOCKS:
        return value.clock is not None or value.text in _NO_NUMBER
    if value.topic in AGES:
        return re.fullmatch(r"[1-9][0-9]?y|none|\?", value.text) is not None
    if value.topic == "adequate":
        return all(re.fullmatch("[A-Z]{2}", word) for word in value.text.split())
    return value.topic in WORDS and bool(value.text)


PACKS: Final = frozenset(pack for country in COUNTRIES_WITH_PACK for pack in packs_of(country))


@cache
def _by_topic() -> dict[tuple[str, str], tuple[Value, ...]]:
    found: dict[tuple[str, str], list[Value]] = {}
    for value in recorded():
        found.setdefault((value.pack, value.topic), []).append(value)
    return {key: tuple(values) for key, values in found.items()}


def values(pack: str, topic: str, day: date | None = None) -> tuple[Value, ...]:
    """What a pack says on a topic: on that day, or ever."""
    found = _by_topic().get((pack, topic), ())
    return found if day is None else tuple(value for value in found if value.holds(day))


def packs_for(*countries: str | None) -> tuple[str, ...]:
    """The packs of several countries, each once: where we act, where the person lives, where data goes."""
    return tuple(dict.fromkeys(pack for country in countries for pack in packs_of(country)))


def title(pack: str) -> str:
    """The name of a pack's law."""
    return values(pack, "law")[0].text


def localised(country: str | None, day: date | None = None) -> tuple[Value, ...]:
    """What is recorded of data that must stay in a country. A rule on it stands in that country's overlay."""
    return tuple(value for pack in packs_of(country) for value in values(pack, "localisation", day))


def adequate(origin: str | None, destination: str, day: date | None = None) -> Value | None:
    """The finding by which data may go from `origin` as if it stayed, if that was verified: it relaxes."""
    wanted = {destination, *packs_of(destination)}
    for pack in packs_of(origin):
        for value in values(pack, "adequate", day):
            if value.status is Status.VERIFIED and wanted & set(value.text.split()):
                return value
    return None
