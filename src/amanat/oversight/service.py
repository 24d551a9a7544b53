"""The daily look at every opening by staff: scored by the worker each hour, read and judged by the privacy desk.

The worker reads what happened and nothing that was kept about anybody; a flag leads to the journal, where looking
further is recorded.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection

from amanat.accounts.models import ROLES_OF
from amanat.custody.actor import Actor
from amanat.custody.answers import Key
from amanat.custody.unit import Unit, unit
from amanat.database.queries import queries
from amanat.errors import MalformedError, NotFoundError
from amanat.oversight.models import Flag
from amanat.oversight.scoring import POINTS, Flagged, Look, Past, score
from amanat.vocabulary import clock
from amanat.vocabulary.terms import CATEGORY, ROLE

SQL = queries("amanat.oversight")
VERDICTS: Final = ("proper", "improper")
DESK: Final = frozenset({"privacy_officer", "group_dpo"})
PURPOSE: Final = "audit"
DAY: Final = timedelta(hours=26)  # a look is scored until its day is surely over, whatever the hour of the run
MEMORY: Final = timedelta(days=14)
KEPT: Final = timedelta(days=730)
_SOON, _NEAR, _GRACE = timedelta(hours=1), timedelta(hours=12), timedelta(minutes=1)
_MOST: Final = 200
_HEALTH: Final = CATEGORY.mask_of("sensitive")
_ROLES: Final = [*ROLE.leaves_in(ROLE.union(ROLES_OF["desk"]))]


def oversee(company: str) -> int:
    """Score the openings of the last day; how many flags are new or heavier.

    Runs as the worker, in a transaction that sees the rows of this company.
    """
    now = clock.now()
    looks = _looks(company, now - MEMORY - DAY, now)
    # A card that was just looked at may still become a case.
    today = [one for one in looks if one.at >= now - DAY and (one.is_outside or one.at <= now - _SOON)]
    past = Past([one for one in looks if one.at < now - DAY])
    span = {"company": company, "since": now - DAY, "until": now}
    flagged = [*score(today, past, _rows("pretexts", {**span, "health": _HEALTH})), *_stopped(span)]
    put = sum(_put(company, one) for one in flagged)
    _run("drop_old", {"company": company, "before": now - KEPT})
    return put


def flags(actor: Actor) -> list[Flag]:
    """What waits for a verdict, the weightiest first, then what was judged lately."""
    _require_desk(actor)
    with unit(actor, PURPOSE) as one:
        return list(Flag.objects.filter(company=one.actor.company).order_by("verdict", "-score", "-at")[:_MOST])


def waiting(one: Unit) -> int:
    """How many flags of the actor's company wait for a verdict."""
    return Flag.objects.filter(company=one.actor.company, verdict="").count()


def judge(actor: Actor, act: UUID, verdict: str, key: Key) -> None:
    """Say whether what was flagged was proper. Nobody judges themself."""
    _require_desk(actor)
    with unit(actor, PURPOSE, key=key) as one:
        mine = Flag.objects.filter(company=actor.company, act=act, verdict="").exclude(account=str(actor.account))
        if not mine.exists():
            raise NotFoundError
        if verdict not in VERDICTS:
            raise MalformedError("a verdict is `proper` or `improper`")
        if not mine.update(verdict=verdict, judged_by=actor.account, judged_at=one.now):
            raise NotFoundError
        one.result = {"verdict": verdict}


def _require_desk(actor: Actor) -> None:
    if actor.role not in DESK:
        raise NotFoundError


def _looks(company: str, since: datetime, until: datetime) -> list[Look]:
    values = {
        "company": company, "since": since, "until": until, "roles": _ROLES, "soon": _SOON, "near": _NEAR,
        "grace": _GRACE,
    }  # fmt: skip
    return [Look(*row) for row in _rows("openings", values)]


def _stopped(span: dict[str, Any]) -> Iterable[Flagged]:
    for account, role, act, at, times in _rows("over_budget", span):
        yield Flagged(act, at, account, role, POINTS["over_budget"], ("over_budget",), times)


def _put(company: str, one: Flagged) -> int:
    values = {
        "company": company, "act": one.act, "account": one.account, "role": one.role, "at": one.at,
        "score": one.score, "signals": list(one.signals), "acts": one.acts,
    }  # fmt: skip
    return len(_rows("put_flag", values))


def _rows(name: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(SQL[name], values)
        return list(cursor.fetchall())


def _run(name: str, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SQL[name], values)
