"""Erasing a person: decided and recorded like everything else, then their keys are dropped for good.

In this order, each step durable before the next (the code repeats the numbers):

(1) the wish is decided by the statement and recorded; what a law makes us keep waits, whoever asks;
(2) for somebody else's erasure a second person agrees, decided and recorded as well (9.3e);
(3) in one transaction keys, tokens and coarse facts go, sessions end, who was told is noted to be told again,
    and, last before the commit, the erasure is a line of the list that stands outside every backup;
(4) what is unreadable now follows at leisure: `retention` deletes the rows.

From (3) on nothing of theirs opens or is found, nor do the bodies of their ledger entries, while every proof verifies.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from amanat.accounts.leaving import shut_accounts_of
from amanat.custody.actor import Actor
from amanat.custody.facts import Ask
from amanat.custody.models import Erasure, Hold
from amanat.custody.unit import Unit, execute, one_message, run, unit
from amanat.database.erasures import Line, Mark, append_line, begin_list, lines_after, list_path
from amanat.errors import AmanatError, Kind, NotFoundError
from amanat.quarantine.keeping import drop_of as drop_quarantined
from amanat.vault.keys import drop_keys
from amanat.vocabulary import clock
from amanat.vocabulary.terms import CATEGORY

EVERYTHING: Final = tuple(CATEGORY.leaves_in(CATEGORY.mask_of("personal")))
TOLD_AGAIN: Final = "erased_at_source"
TO_RECIPIENT: Final = "to_recipient"
_ASK: Final = Ask("erase", EVERYTHING, "rights_fulfilment")
_COARSE: Final = ("drop_standing", "drop_relations", "drop_entitlements", "drop_stays")
_TELL_RECIPIENTS: Final = """
    INSERT INTO custody_message (subject, id, company, kind, facts, clauses, due, state)
    SELECT e.subject, gen_random_uuid(), e.company, %(kind)s,
           jsonb_build_object('organisation', a.organisation, 'acts', jsonb_agg(a.id ORDER BY a.at), 'last', max(a.at)),
           ARRAY['8.13b'], %(now)s, %(state)s
    FROM ledger_entry e JOIN ledger_act a ON a.id = e.act
    WHERE e.subject = %(subject)s::uuid AND e.outcome = 'permit' AND a.state = 'recorded'
      AND a.action IN ('disclose', 'transfer') AND a.recipient <> '' AND a.organisation <> ''
    GROUP BY e.subject, e.company, a.organisation
"""
_MARK: Final = "SELECT list, count, digest FROM custody_erasuremark WHERE id = 1 FOR UPDATE"
_BEGIN_MARK: Final = """
    INSERT INTO custody_erasuremark (id, list, count, digest) VALUES (1, %(list)s::uuid, 0, %(digest)s)
    ON CONFLICT DO NOTHING
"""
_MOVE_MARK: Final = "UPDATE custody_erasuremark SET count = %(count)s, digest = %(digest)s WHERE id = 1"


class ErasureRefusedError(AmanatError):
    """The statement does not let this actor erase all of this person."""

    kind = Kind.REFUSED


class ErasureHeldError(AmanatError):
    """A law makes us keep this person's data for now."""

    kind = Kind.REFUSED


class SecondPersonError(AmanatError):
    """Whoever asked for an erasure cannot be the one who agrees to it."""

    kind = Kind.REFUSED


@dataclass(frozen=True, slots=True)
class Erased:
    """An erasure that is final: the decision it rests on, and its line in the list."""

    subject: UUID
    company: str
    act: UUID
    at: datetime
    mark: Mark


def erase_myself(actor: Actor) -> Erased:
    """Erase the person who asks for it."""
    if actor.subject is None:
        raise NotFoundError
    return erase_decided(actor, _ask(actor, actor.subject, "decided"))


def ask_erasure(actor: Actor, subject: UUID) -> UUID:
    """Ask for another's erasure; it waits for a second person."""
    return _ask(actor, subject, "waiting").id


def confirm_erasure(actor: Actor, subject: UUID, erasure: UUID) -> Erased:
    """(2) Agree to an erasure that somebody else asked for, and carry it out."""

    def confirm() -> Erasure:
        with unit(actor, "rights_fulfilment") as one:
            decision = one.ask(_ASK, [subject]).decision(subject)
            found = Erasure.objects.select_for_update().filter(subject=subject, id=erasure, state="waiting").first()
            if found is None:
                raise NotFoundError
            held = _hold(subject, one.now)
            agreed = decision.outcome.value == "permit" and actor.account not in (None, found.asked_by)
            if agreed and held is None:
                found.act, found.state, found.confirmed_by = one.last_act.id, "decided", actor.account
                Erasure.objects.filter(subject=subject, id=erasure).update(
                    act=found.act, state=found.state, confirmed_by=found.confirmed_by
                )
        if decision.outcome.value != "permit":
            raise ErasureRefusedError(hint="clauses " + ", ".join(decision.clauses))
        if not agreed:
            raise SecondPersonError
        _wait_for(held)
        return found

    return erase_decided(actor, run(confirm))


def _ask(actor: Actor, subject: UUID, state: str) -> Erasure:
    """(1) Decide and record; a refusal is raised only now that it is on record."""

    def decide() -> Erasure:
        with unit(actor, "rights_fulfilment") as one:
            handle = one.ask(_ASK, [subject])
            decision = handle.decision(subject)
            asked = Erasure(
                subject=subject, id=uuid4(), company=handle.people[subject].company, act=one.last_act.id, state=state,
                asked_by=actor.account, asked_at=one.now,
            )  # fmt: skip
            held = _hold(subject, one.now)
            if handle.permits(subject) and held is None and asked.company == actor.company:
                asked.save(force_insert=True)
        if asked.company != actor.company:
            raise NotFoundError
        if not handle.permits(subject):
            raise ErasureRefusedError(hint="clauses " + ", ".join(decision.clauses))
        _wait_for(held)
        return asked

    return run(decide)


def _wait_for(held: Hold | None) -> None:
    if held is not None:
        raise ErasureHeldError(f"{held.law} makes us keep it until {held.until:%Y-%m-%d}")


def _hold(subject: UUID, now: datetime) -> Hold | None:
    live = Hold.objects.filter(Q(ended_at=None) | Q(ended_at__gt=now), subject=subject, until__gt=now)
    return live.order_by("-until").first()


def erase_decided(actor: Actor, asked: Erasure) -> Erased:
    """(3) Carry out what was decided. The number of statements depends on nothing that the person left behind."""

    def carry_out() -> Erased:
        with transaction.atomic(durable=True):
            now = clock.now()
            _reach(replace(actor, subject=asked.subject), asked.subject)
            before = _finish(_locked_mark())
            line = Line(before.count + 1, now, asked.company, asked.subject, asked.act)
            _drop(asked.subject, now)
            # INVARIANT: nothing that can fail stands between the line and the commit but the mark itself.
            mark = append_line(settings.HOME, before, line)
            _note(line, mark)
        return Erased(asked.subject, asked.company, asked.act, now, mark)

    return run(carry_out)


def finish_erasures() -> int:
    """Carry out what the list has and this database has not: a crash cut it off, or an older copy was put back.

    Raises `ErasureListError` if the list is lost, older than the database or another's: then nothing may start.
    """
    with transaction.atomic(durable=True):
        mark = _locked_mark()
        return _finish(mark).count - mark.count


def _finish(mark: Mark) -> Mark:
    """Drop everybody whom the list names beyond the mark; the mark afterwards."""
    for line in lines_after(list_path(settings.HOME.folder), mark):
        _reach(Actor(None, "web_system", line.company, None, line.subject, ""), line.subject)
        _drop(line.subject, line.at)
        mark = _note(line, line.after(mark))
    return mark


def _reach(actor: Actor, subject: UUID) -> None:
    """Row context of the person's company and of the person, whose disclosures by other companies count as well."""
    one = Unit(actor, "rights_fulfilment", "")
    one.reach([subject])
    execute("facts_owned", {"subjects": [subject]})


def _drop(subject: UUID, now: datetime) -> None:
    values: dict[str, Any] = {"subject": subject, "now": now, "kind": TOLD_AGAIN, "state": TO_RECIPIENT}
    with one_message(), connection.cursor() as cursor:
        cursor.execute(_TELL_RECIPIENTS, values)
        drop_keys(subject)
        drop_quarantined(subject)
        for name in _COARSE:
            execute(name, {"subject": subject})
        shut_accounts_of(subject)


def _note(line: Line, mark: Mark) -> Mark:
    """Write down how far the list has come, and that this person is erased; an older copy may not know who asked."""
    known = {"state": "erased", "erased_at": line.at, "number": mark.count, "digest": mark.digest}
    if not Erasure.objects.filter(subject=line.subject, act=line.act).update(**known):
        Erasure.objects.create(
            subject=line.subject, id=uuid4(), company=line.company, act=line.act, asked_at=line.at, **known
        )
    with connection.cursor() as cursor:
        cursor.execute(_MOVE_MARK, {"count": mark.count, "digest": mark.digest})
    return mark


def _locked_mark() -> Mark:
    """How far this database has come; erasures go one after the other, as the list does.

    A database without a mark is new, or was made before there was a list: then it has all of the list before it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MARK)
        row = cursor.fetchone()
        if row is None:
            first = begin_list(settings.HOME)
            cursor.execute(_BEGIN_MARK, {"list": first.list, "digest": first.digest})
            cursor.execute(_MARK)
            row = cursor.fetchone()
    return Mark(*row)
