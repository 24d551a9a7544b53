"""Putting texts in force: statements one after another in the order of their numbers, and the overlays around them.

Nothing is put in force for the past, none before the day that it names itself, and none that does not fit what else is
in force then. What was published stays on record for ever; it is followed, never changed. Run by the worker's log-in.
"""

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import connection, transaction

from amanat.custody import touching
from amanat.custody.touching import Touched
from amanat.custody.words import clauses_widened, remember, statement_of
from amanat.database.queries import queries
from amanat.errors import ConflictError
from amanat.organisations.models import Company
from amanat.statement.compile import Statement
from amanat.statement.diagnostics import StatementError
from amanat.statement.lints.lint import lint
from amanat.statement.overlay_compile import compile_overlay
from amanat.statement.overlays import Overlay
from amanat.vocabulary import clock

log = logging.getLogger("amanat.custody")

_SQL = queries("amanat.ledger")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)*")
EVERY_COMPANY = ""


class NotPublishedError(ConflictError):
    """A text was not put in force."""


@dataclass(frozen=True, slots=True)
class Published:
    """A statement that is or will be in force from `since`: for one company, or for all if `company` is empty."""

    company: str
    since: datetime
    name: str
    version: str
    digest: str

    @property
    def number(self) -> tuple[int, ...]:
        return _number(self.version)


@dataclass(frozen=True, slots=True)
class InForce:
    """An overlay that is or will be in force from `since`; without a digest it ends there."""

    overlay: str
    since: datetime
    digest: str
    version: str
    text: str


def published() -> list[Published]:
    """Every statement that is or will be in force, the first one first."""
    return [Published(*row) for row in _rows("published")]


def overlays_published() -> list[InForce]:
    """Every overlay that is, was or will be in force, the first one first."""
    return [InForce(*row) for row in _rows("overlays_published")]


def publish(statement: Statement, day: date | None = None, company: str = EVERY_COMPANY) -> Published:
    """Put a statement in force from the beginning of `day` (UTC), by default from the day that it names itself.

    Raises `NotPublishedError` with what is in the way, and `StatementError` if an overlay in force does not fit.
    """
    with transaction.atomic():
        _rows("publish_alone")
        new = publishable(statement, day, company)
        put_in_force(statement, new.since, company)
    return new


def publishable(statement: Statement, day: date | None = None, company: str = EVERY_COMPANY) -> Published:
    """What `publish` would do now, with nothing done; raises what it would raise."""
    told = f"{statement.name} {statement.version}"
    new = Published(
        company, _since(told, statement.effective, day), statement.name, statement.version, statement.digest
    )
    _refuse_unknown(company)
    _refuse_out_of_order(new, told)
    _refuse_misfits(statement, new.since)
    _refuse_unfit(statement, told)
    remember(statement)
    return new


def _planned(statement: Statement, told: str, day: date | None, company: str) -> Published:
    since = _since(told, statement.effective, day)
    return Published(company, since, statement.name, statement.version, statement.digest)


def widened_by(new: Published) -> frozenset[str]:
    """The clauses that a statement widens against those it follows: people stay where they were until they answer."""
    earlier = [one for one in published() if _meet(one, new) and one.since < new.since]
    scopes = {EVERY_COMPANY, *(one.company for one in earlier)} if new.company == EVERY_COMPANY else {new.company}
    followed = {
        max((one for one in earlier if one.company in (EVERY_COMPANY, scope)), key=lambda one: one.since, default=new)
        for scope in scopes
    }
    return frozenset(clause for one in followed for clause in clauses_widened(one.digest, new.digest))


def touched_by(new: Published) -> Touched:
    """How many people a statement asks again and has to tell, of those who are under any statement before it.

    Raises `TooHardError` if what it changes cannot be told exactly.
    """
    older = {one.digest: statement_of(one.digest) for one in published() if one.since < new.since}
    return touching.touched_by(statement_of(new.digest), [*older.values()], new.company)


def touched_between(old: Statement, new: Statement, company: str = EVERY_COMPANY) -> Touched:
    """How many people under `old`, which was published, `new` asks again and has to tell."""
    _refuse_unknown(company)
    if old.digest not in {one.digest for one in published()}:
        message = f"{old.name} {old.version} as it stands here was never in force, so nobody is under it"
        raise NotPublishedError(message, hint="compare with a text whose digest `amanat statement versions` lists")
    return touching.touched_by(new, [old], company)


def put_in_force(statement: Statement, since: datetime | None = None, company: str = EVERY_COMPANY) -> None:
    """Record a compiled statement, and that every process decides by it from `since` on, by default from now."""
    now = clock.now()
    values = {
        "digest": statement.digest, "name": statement.name, "version": statement.version,
        "effective": statement.effective, "text": statement.text,
    }  # fmt: skip
    _do("keep_statement", values | {"since": since or now})
    _do("publish", {"overlay": "", "company": company, "digest": statement.digest, "since": since or now, "now": now})
    remember(statement)


def publish_overlay(overlay: Overlay, day: date | None = None) -> datetime:
    """Put an overlay in force from the beginning of `day` (UTC), by default from the day that it names itself.

    It is compiled beside every statement that it will stand around. Raises `NotPublishedError` or `StatementError`.
    """
    told = f"{overlay.id} {overlay.version}"
    since = _since(told, overlay.effective, day)
    with transaction.atomic():
        _rows("publish_alone")
        _refuse_late(overlay.id, since, told)
        for digest in _statements_from(since):
            compile_overlay(overlay.text, statement_of(digest))
        put_overlay_in_force(overlay, since)
    return since


def end_overlay(overlay: str, day: date | None = None) -> datetime:
    """Take an overlay out of force from the beginning of `day` (UTC), by default from now on."""
    since = _since(overlay, "", day)
    with transaction.atomic():
        _rows("publish_alone")
        if overlay not in {one.overlay for one in _standing(overlays_published(), since)}:
            raise NotPublishedError(f"{overlay[:60]} is not in force then", hint="see `amanat statement versions`")
        _refuse_late(overlay, since, overlay)
        _publish_overlay(overlay, "", since)
    return since


def put_overlay_in_force(overlay: Overlay, since: datetime | None = None) -> None:
    """Record a compiled overlay, and that every process decides inside it from `since` on, by default from now."""
    values = {
        "digest": overlay.digest, "overlay": overlay.id, "version": overlay.version, "effective": overlay.effective,
        "text": overlay.text,
    }  # fmt: skip
    _do("keep_overlay", values)
    _publish_overlay(overlay.id, overlay.digest, since or clock.now())


def _publish_overlay(overlay: str, digest: str, since: datetime) -> None:
    values = {"overlay": overlay, "company": EVERY_COMPANY, "digest": digest, "since": since, "now": clock.now()}
    _do("publish", values)


def begin(statement: Statement, overlays: Iterable[Overlay]) -> None:
    """Put the installed texts in force as far as none is; one with a higher number follows, from its day on.

    What does not fit a text of one's own that is in force is told loudly and left out: else all decisions would stop.
    """
    with transaction.atomic():
        _rows("publish_alone")
        if not published():
            put_in_force(statement)
        for overlay in overlays:
            with _or_told(overlay.id, overlay.version):
                _begin_overlay(overlay, statement)
        with _or_told(statement.name, statement.version):
            _follow(statement)


def _begin_overlay(overlay: Overlay, beside: Statement) -> None:
    """Put an overlay in force that fits the statement `beside`, if none of its name is or one with a smaller number."""
    last = {one.overlay: one for one in overlays_published()}.get(overlay.id)
    if last is None or (last.digest and _number(last.version) < _number(overlay.version)):
        for digest in _statements_from(clock.now()) - {beside.digest}:
            compile_overlay(overlay.text, statement_of(digest))
        put_overlay_in_force(overlay)


def _follow(statement: Statement) -> None:
    """Put a statement in force after those with smaller numbers."""
    listed, number = published(), _number(statement.version)
    if {one.name for one in listed} != {statement.name} or max(one.number for one in listed) >= number:
        return
    told = f"{statement.name} {statement.version}"
    new = _planned(statement, told, None, EVERY_COMPANY)
    _refuse_out_of_order(new, told)
    _refuse_misfits(statement, new.since)
    put_in_force(statement, new.since)


@contextmanager
def _or_told(text: str, version: str) -> Iterator[None]:
    try:
        yield
    except (NotPublishedError, StatementError) as error:
        log.critical(
            "the installed %s %s is not put in force (%s); `amanat statement publish --dry-run` says why",
            text, version, type(error).__name__,
        )  # fmt: skip


def _since(told: str, effective: str, day: date | None) -> datetime:
    """The beginning of the day; now, if the day has begun already."""
    now = clock.now()
    named = date.fromisoformat(effective) if effective else now.date()
    wanted = day or max(named, now.date())
    if wanted < now.date():
        raise NotPublishedError(f"{told} cannot be in force from {wanted}: that day is over", hint="name a later day")
    if wanted < named:
        hint = f"name {named} or a later day, or write another `effective` in its head"
        raise NotPublishedError(f"{told} says of itself that it is effective from {named}", hint=hint)
    return max(now, datetime.combine(wanted, time(), UTC))


def _refuse_unfit(statement: Statement, told: str) -> None:
    """What compiles may still promise what no rule keeps, or stand there unsigned."""
    if errors := lint(statement, strict=True).errors:
        first, number = errors[0], f"{len(errors)} finding{'s' * (len(errors) > 1)}"
        where = f"clause {first.clause}: " if first.clause else ""
        message = f"{told} is not fit to be published ({number}): {where}{first.message}"
        raise NotPublishedError(message, hint="read them with `amanat lint --strict`, and sign it with `amanat sign`")


def _refuse_misfits(statement: Statement, since: datetime) -> None:
    """An overlay that is in force then must fit; raises `StatementError`."""
    for one in _standing(overlays_published(), since):
        compile_overlay(one.text, statement)


def _refuse_unknown(company: str) -> None:
    if company and not Company.objects.filter(code=company).exists():
        raise NotPublishedError(f"no company {company[:32]} is on record", hint="leave it out for all companies")


def _refuse_out_of_order(new: Published, told: str) -> None:
    """Statements of one name follow each other, in the order of their numbers, and never twice the same."""
    for one in published():
        if one.name != new.name:
            hint = f"its head must say `statement: {one.name}`: overlays and choices are made for that one"
            raise NotPublishedError(f"{told} is another statement than {one.name}, which is in force", hint=hint)
        ordered = (one.number < new.number, one.since < new.since) in ((True, True), (False, False))
        if _meet(one, new) and not (ordered and one.number != new.number and one.since != new.since):
            message = f"{told} from {_at(new)} cannot stand beside {one.name} {one.version}, which is from {_at(one)}"
            raise NotPublishedError(message, hint="a higher `version` begins later, a lower one earlier")


def _at(one: Published) -> str:
    return f"{one.since:%Y-%m-%d %H:%M}"


def _meet(one: Published, other: Published) -> bool:
    """Whether some company meets both."""
    return EVERY_COMPANY in (one.company, other.company) or one.company == other.company


def _refuse_late(overlay: str, since: datetime, told: str) -> None:
    for one in overlays_published():
        if one.overlay == overlay and one.since >= since:
            message = f"{told} would come before {overlay} {one.version}, which follows from {one.since:%Y-%m-%d %H:%M}"
            raise NotPublishedError(message, hint="name a later day")


def _standing(listed: Sequence[InForce], at: datetime) -> list[InForce]:
    """The overlays in force at a time, and those that follow later."""
    begun = {one.overlay: one for one in listed if one.since <= at}
    return [one for one in (*begun.values(), *(one for one in listed if one.since > at)) if one.digest]


def _statements_from(at: datetime) -> set[str]:
    """The statements in force at a time for some company, and those that follow later."""
    listed = published()
    begun = {one.company: one.digest for one in listed if one.since <= at}
    return {*begun.values(), *(one.digest for one in listed if one.since > at)}


def _number(version: str) -> tuple[int, ...]:
    """`1.10.0` → (1, 10, 0)."""
    if not _NUMBER.fullmatch(version):
        hint = "write numbers with dots between them, as `1.1.0`"
        raise NotPublishedError(f"`version: {version[:24]}` has no place in an order", hint=hint)
    return tuple(int(part) for part in version.split("."))


def _rows(query: str, values: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_SQL[query], values or {})
        return list(cursor.fetchall())


def _do(query: str, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SQL[query], values)
