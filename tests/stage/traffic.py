"""Weeks of invented work at a desk, and among it looks that were nobody's business.

The honest work is uneven on purpose: callers who hang up and call again, names instead of numbers, overtime, links to a
case that was handed over meanwhile. Each planted story is a kind that happened elsewhere; the last kind is one that
looks exactly like a caller who hung up.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from amanat.oversight.scoring import Look, Pretext

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
DAYS, STAFF, CALLS = 21, 30, 12
FIELDS = ("policy_number",) * 12 + ("email",) * 3 + ("phone",) * 2 + ("surname_birth_date",) * 3
STORIES = ("celebrity",) * 40 + ("neighbour",) * 40 + ("spouse",) * 40 + ("mass",) * 15 + ("night",) * 40 + (
    "pretext",) * 20 + ("once",) * 5  # fmt: skip


@dataclass
class Story:
    """One snoop: what kind, who did it, about whom (nobody in particular: many), and its last day."""

    kind: str
    account: UUID
    subjects: frozenset[UUID]
    day: int


@dataclass
class Traffic:
    seed: int
    looks: list[Look] = field(default_factory=list)
    stories: list[Story] = field(default_factory=list)
    pretexts: list[Pretext] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)  # noqa: S311  # invented work, no secret
        self.staff = [self._id() for _ in range(STAFF)]
        self.shift = {account: 8 * (place % 3) for place, account in enumerate(self.staff)}
        for day in range(DAYS):
            for account in self.staff:
                self._work(account, day)
        self.honest = len(self.looks)
        for kind in STORIES:
            self._plant(kind)
        self.looks.sort(key=lambda one: one.at)

    def days(self) -> Iterator[tuple[int, list[Look], list[Look]]]:
        """Each day with its looks, and those of the two weeks before."""
        for day in range(DAYS):
            begin = BEGIN + timedelta(days=day)
            today = [one for one in self.looks if begin <= one.at < begin + timedelta(days=1)]
            past = [one for one in self.looks if begin - timedelta(days=14) <= one.at < begin]
            yield day, today, past

    # honest work ------------------------------------------------------------------------------------------------------

    def _work(self, account: UUID, day: int) -> None:
        for _ in range(self.draw.randint(CALLS - 4, CALLS + 4)):
            self._call(account, self._time(account, day), self._id(), again=True)

    def _call(self, account: UUID, at: datetime, subject: UUID, *, again: bool) -> None:
        opened = self.draw.random() < 0.88
        self._look(account, at, subject, found_by=self.draw.choice(FIELDS), case_soon=opened, in_case=opened)
        if opened:
            for _ in range(self.draw.randint(2, 6)):
                at += timedelta(minutes=self.draw.randint(1, 40))
                self._look(account, at, subject, "patient_support", in_case=True, case_soon=True)
            if self.draw.random() < 0.0002:  # a case that really was a mistake, with health looked at in it
                self.pretexts.append((account, subject, at))
            if self.draw.random() < 0.0004:  # a link to a case that is a colleague's by now
                self._look(self.draw.choice(self.staff), at, subject, "patient_support", opened=0)
        elif again and self.draw.random() < 0.2:
            later = at + timedelta(minutes=self.draw.randint(5, 400))
            on_shift = [one for one in self.staff if 0 <= (later.hour - self.shift[one]) % 24 < 8]
            self._call(self.draw.choice(on_shift), later, subject, again=False)

    def _time(self, account: UUID, day: int) -> datetime:
        minute = self.draw.randint(0, 8 * 60 - 1)
        if self.draw.random() < 0.03:  # overtime
            minute = self.draw.randint(8 * 60, 10 * 60)
        return BEGIN + timedelta(days=day, hours=self.shift[account], minutes=minute)

    # what was nobody's business ---------------------------------------------------------------------------------------

    def _plant(self, kind: str) -> None:
        account, subject, day = self.draw.choice(self.staff), self._id(), self.draw.randint(7, DAYS - 1)
        at = min(self._time(account, day), BEGIN + timedelta(days=day, hours=23))
        subjects = {subject}
        match kind:
            case "celebrity":
                for other in self.draw.sample([one for one in self.staff if one != account], 3):
                    self._snoop(other, self._within(other, day), subject)
                self._snoop(account, self._within(account, day), subject)
            case "neighbour":
                self._snoop(account, at - timedelta(days=self.draw.randint(1, 6)), subject)
                self._snoop(account, at, subject)
            case "spouse":
                self._look(account, at, subject, "patient_support", opened=0)
            case "mass":
                subjects = {self._id() for _ in range(self.draw.randint(14, 40))}
                for place, one in enumerate(sorted(subjects)):
                    self._snoop(account, self._within(account, day) if place else at, one, "policy_number")
            case "night":
                hour = (self.shift[account] + 8 + self.draw.randint(4, 12)) % 24
                self._snoop(account, BEGIN + timedelta(days=day, hours=hour, minutes=12), subject)
            case "pretext":
                self._look(account, at, subject, in_case=True, case_soon=True)
                self._look(account, at, subject, "patient_support", in_case=True, case_soon=True)
                self.pretexts.append((account, subject, at))
            case _:
                self._snoop(account, at, subject)
        self.stories.append(Story(kind, account, frozenset(subjects), day))

    def _within(self, account: UUID, day: int) -> datetime:
        return BEGIN + timedelta(days=day, hours=self.shift[account], minutes=self.draw.randint(0, 470))

    def _snoop(self, account: UUID, at: datetime, subject: UUID, found_by: str = "surname_birth_date") -> None:
        self._look(account, at, subject, found_by=found_by)

    def _look(
        self, account: UUID, at: datetime, subject: UUID, purpose: str = "eligibility", *, opened: int = 7,
        in_case: bool = False, case_soon: bool = False, found_by: str = "",
    ) -> None:  # fmt: skip
        outcome = "permit" if opened else "deny"
        self.looks.append(
            Look(
                self._id(),
                at,
                account,
                "assistance_coordinator",
                subject,
                purpose,
                opened,
                outcome,
                in_case and purpose != "eligibility",
                case_soon,
                found_by,
            )
        )

    def _id(self) -> UUID:
        return UUID(int=self.draw.getrandbits(128))
