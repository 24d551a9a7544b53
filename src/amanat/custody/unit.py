"""The single door to personal data: one durable transaction that decides, records and only then reveals.

What `unit` promises, in this order (the code repeats the numbers):

(1) row context is set before anything is read, and no unit opens inside another transaction;
(2) facts come from the fact rooms in one query for all people of the page, never from the request;
(3) each person and each datum is decided by the statement in force, never wider than by the one the person was given;
(4) the act and an entry per person are recorded, refusals too, in the same transaction;
(5) values leave a handle only after that transaction has committed;
(6) if the block raises, nothing of it stays, and what had been decided is recorded as `abandoned`.
"""

import contextlib
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, LiteralString, TypeVar
from uuid import UUID, uuid4

from django.db import Error, OperationalError, connection, transaction
from psycopg.pq import TransactionStatus

from amanat.crypto.derive import commitment
from amanat.crypto.secret import SecretKey
from amanat.custody.actor import Actor
from amanat.custody.answers import Key, refuse_repeat, settle
from amanat.custody.facts import SQL, Ask, Person, Recipient, Scene, people_of, people_values, scene_values, scenes_of
from amanat.custody.handle import Handle, NotCommittedError
from amanat.custody.judging import Judgement, judge
from amanat.custody.matters import matter_of
from amanat.custody.models import Message
from amanat.custody.words import Words, newest, words_of
from amanat.database.arrays import uuids
from amanat.database.queries import queries
from amanat.errors import ConflictError, MalformedError
from amanat.ledger.append import Act, Entry, append, make_entry, salt_of
from amanat.policy.decision import Decision, Outcome
from amanat.policy.rule import in_clause_order
from amanat.statement.compile import Statement
from amanat.vault import folders as vault
from amanat.vault.keys import SQL as SEALED
from amanat.vault.keys import company_key
from amanat.vocabulary import clock

log = logging.getLogger("amanat.custody")

_LEDGER = queries("amanat.ledger")
_SEARCH = Ask("search", (), "")
_FEW = 3
_LOCKS = {
    **dict.fromkeys(("disclose", "transfer", "contact"), "facts_shared"),
    **dict.fromkeys(("collect", "receive", "store", "correct", "restrict", "erase"), "facts_owned"),
}


_Facts = tuple[Scene, dict[UUID, Person], dict[UUID, vault.Sealed]]


class Unit:
    """One unit of work of one actor for one purpose. Made by `unit`; not for keeping."""

    def __init__(self, actor: Actor, purpose: str, channel: str) -> None:
        self.actor, self.purpose, self.channel = actor, purpose, channel
        self.now = clock.now()
        self.result: dict[str, Any] = {}
        self._handles: list[Handle] = []
        self._recorded: list[tuple[Act, list[Entry], bytes | None]] = []
        self._subjects: set[UUID] = set()
        self._reached: frozenset[UUID] = frozenset()

    # (1) ------------------------------------------------------------------------------------------------------------

    def open(self, about: Sequence[UUID]) -> None:
        """Set the row context for the first time; until somebody is asked about, nothing can change it."""
        self.reach(about)
        self._reached = frozenset([*about, *([self.actor.subject] if self.actor.subject else [])])

    def reach(self, subjects: Sequence[UUID]) -> None:
        """Set the row context for these subjects as well; with BEGIN before it, in one message to the server."""
        self._subjects |= set(subjects)
        values = {
            "company": self.actor.company,
            "account": self.actor.account,
            "own": str(self.actor.subject) if self.actor.subject else None,
            "subjects": uuids(sorted(self._subjects)),
            "now": self.now,
        }
        with one_message():
            execute("context", values)

    # (2), (3), (4) ----------------------------------------------------------------------------------------------------

    def ask(self, ask: Ask, subjects: Sequence[UUID]) -> Handle:
        """Decide and record `ask` for each subject. The number of statements does not depend on how many they are."""
        ask = replace(ask, channel=ask.channel or self.channel)
        scene, people, sealed = self._facts(ask, subjects)
        words = self.words(scene)
        asked = {person.subject: matter_of(words, self.actor, scene, person, ask) for person in people.values()}
        judged = judge(words, asked)
        act = self.act_of(ask, words.statement, [one.decision for one in judged.values()])
        self._record(act, people, judged, sealed)
        handle = Handle(act.id, judged, people, sealed, frozenset(ask.words))
        self._handles.append(handle)
        return handle

    def _facts(self, ask: Ask, subjects: Sequence[UUID]) -> _Facts:
        """What to decide by. A look from abroad is a transfer: it and a withdrawal wait for each other."""
        lock = _LOCKS.get(ask.action)
        found = self._read(ask, subjects, lock)
        if lock is None and any(one.company != self.actor.company for one in found[1].values()):
            found = self._read(ask, subjects, "facts_shared")
        return found

    def _read(self, ask: Ask, subjects: Sequence[UUID], lock: str | None) -> _Facts:
        """Context, locks, scene, everybody's facts and what is sealed of them, in one message."""
        with connection.cursor() as scene, connection.cursor() as facts, connection.cursor() as sealed:
            with one_message():
                if not self._reached.issuperset(subjects):
                    self.reach(subjects)
                self._reached = frozenset()
                if lock:
                    execute(lock, {"subjects": uuids(sorted(set(subjects)))})
                scene.execute(SQL["scene"], scene_values([(self.actor, ask)], self.now))
                facts.execute(SQL["facts"], people_values(self.actor, subjects, self.now))
                sealed.execute(SEALED["sealed"], vault.sealed_values(subjects, ask.words, ask.record))
            (found,) = scenes_of([(self.actor, ask)], scene.fetchall())
            return found, people_of(facts.fetchall(), self.now), vault.sealed_of(sealed.fetchall())

    def _record(
        self,
        act: Act,
        people: Mapping[UUID, Person],
        judged: Mapping[UUID, Judgement],
        sealed: Mapping[UUID, vault.Sealed],
    ) -> None:
        entries = [
            entry_of(act, person, judged[subject], sealed[subject].unwrap().history)
            for subject, person in people.items()
            if subject in sealed
        ]
        bare = None if entries else commitment(salt_of(company_key(act.company, "history")[1], act.id), act.id.bytes)
        append(act, entries, bare=bare)
        self._recorded.append((act, entries, bare))

    def act_of(self, ask: Ask, statement: Statement, decisions: Iterable[Decision]) -> Act:
        """The act that `ask` is: its outcome is the worst of the decisions, its clauses all of theirs."""
        listed = list(decisions)
        worst = min((one.outcome for one in listed), key=lambda one: one.rank, default=Outcome.DENY)
        recipient = ask.recipient or Recipient("")
        return Act(
            id=uuid4(),
            company=self.actor.company,
            at=self.now,
            account=self.actor.account,
            role=self.actor.role,
            action=ask.action,
            purpose=ask.purpose,
            channel=ask.channel,
            recipient=recipient.leaf,
            organisation=recipient.organisation or ask.source_organisation,
            statement=statement.digest,
            outcome=worst.value,
            clauses=in_clause_order(clause for one in listed for clause in one.clauses),
        )

    def record_search(self, field_name: str, hits: int, statement: Statement, history: SecretKey) -> None:
        """A search is an act of its own, without people and without what was typed."""
        act = self.act_of(replace(_SEARCH, purpose=self.purpose, channel=self.channel), statement, [])
        found = "found" if 0 < hits <= _FEW else "none" if hits == 0 else "too_many"
        act = replace(act, organisation=field_name, outcome=found, clauses=("9.2",))
        self.record_bare(act, history)

    def record_bare(self, act: Act, history: SecretKey | None = None) -> None:
        """Record an act that is about nobody on record: a search, a stranger's letter, a look into the journal."""
        key = history or company_key(act.company, "history")[1]
        bare = commitment(salt_of(key, act.id), act.id.bytes)
        append(act, [], bare=bare)
        self._recorded.append((act, [], bare))

    def words(self, scene: Scene) -> Words:
        """What an act in this scene is decided by."""
        return words_of(scene.digests, scene.overlays, self.now)

    def statement(self) -> Statement:
        """The statement in force for the acting company, by which this unit decides."""
        ((digests,),) = self.rows(_LEDGER["in_force"], {"company": self.actor.company, "now": self.now})
        return newest(digests)

    def rows(self, statement: LiteralString, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Read rows of the ledger inside this unit's context."""
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())

    @property
    def was_refused(self) -> bool:
        """Whether all that was asked for was refused and nothing came of it."""
        permitted = (handle.permits(subject) for handle in self._handles for subject in handle.judged)
        return bool(self._handles) and not self.result and not any(permitted)

    @property
    def last_act(self) -> Act:
        return self._recorded[-1][0]

    # writing ----------------------------------------------------------------------------------------------------------

    def keep(
        self, ask: Ask, subject: UUID, values: Mapping[str, Any], *, version_read: int | None, adding: bool = False
    ) -> Handle:
        """Decide, record and store new values of leaves that share a folder; the others of the folder are carried over.

        Nothing is stored unless every leaf is permitted: look at `handle.permits(subject)`. Raises `ConflictError` if
        `version_read` is not the newest version; None writes after whatever is there. With `adding`, a list goes to the
        end of what its leaf holds. Leaves that were not asked for would be stored undecided: `MalformedError`.
        """
        if not set(values) <= set(ask.words):
            raise MalformedError("only the leaves that were asked for can be kept")
        handle = self.ask(ask, [subject])
        if not handle.permits(subject):
            return handle
        (folder,) = vault.folders_of(values)
        record = ask.record or vault.NO_RECORD
        sealed = handle._sealed[subject]  # noqa: SLF001  (handle and unit are one mechanism)
        newest = next((one for one in sealed.folders if (one.folder, one.record) == (folder, record)), None)
        version = newest.version if newest else 0
        if version_read not in (None, version):
            raise ConflictError("this record was changed by somebody else in the meantime")
        keys = sealed.unwrap()
        left = (leaf for leaf in newest.parts if adding or leaf not in values) if newest else ()
        kept = vault.carry_over(keys, newest, left) if newest else {}
        longer = {leaf: [*kept.get(leaf, ()), *value] for leaf, value in values.items() if isinstance(value, list)}
        new = {**values, **longer} if adding else values
        vault.insert_folder(vault.seal_folder(keys, folder, record, version + 1, {**kept, **new}))
        return handle

    def note_stay(self, subject: UUID, country: str, since: date, until: date, *, record: UUID | None = None) -> None:
        """Write the coarse fact of a trip beside the itinerary that was just kept under `record`: they end together."""
        person = self._handles[-1].people[subject]
        organisation = person.relations[0][1] if person.relations else ""
        values = {"company": person.company, "organisation": organisation, "subjects": [subject],
                  "ids": [record or uuid4()], "countries": [country], "sinces": [since], "untils": [until]}  # fmt: skip
        execute("insert_stays", values)

    def notify(self, subject: UUID, kind: str, facts: Mapping[str, Any], clauses: Sequence[str]) -> None:
        """Queue a notice to the person; it is decided again, under lock, when it is sent."""
        company = self._handles[-1].people[subject].company
        Message.objects.create(
            subject=subject,
            id=uuid4(),
            company=company,
            kind=kind,
            facts=dict(facts),
            clauses=list(clauses),
            due=self.now,
        )

    # (5), (6) ---------------------------------------------------------------------------------------------------------

    def _reveal(self) -> None:
        for handle in self._handles:
            handle._open = True  # noqa: SLF001  (handle and unit are one mechanism)

    def _abandon(self) -> None:
        """Write what had been decided as abandoned. A lost database leaves nothing to write, and revealed nothing."""
        if not self._recorded:
            return
        try:
            with transaction.atomic(durable=True):
                self.reach([])
                for act, entries, bare in self._recorded:
                    hidden = [replace(entry, opened=0) for entry in entries]
                    append(replace(act, state="abandoned"), hidden, bare=bare)
        except Error as error:
            log.error("abandoned decisions could not be recorded: %s", type(error).__name__)  # noqa: TRY400  # no values


def entry_of(act: Act, person: Person, judged: Judgement, history: SecretKey) -> Entry:
    """The person's entry of an act: what was opened and refused, and the sealed record that a replay reads."""
    masks = (judged.opened, judged.refused)
    return make_entry(act.id, person.subject, person.company, history, judged.record, judged.told, masks)


@contextlib.contextmanager
def one_message() -> Iterator[None]:
    """What is executed within the block travels to the server together and is answered together.

    Its errors come at the end of the block, past Django's cursors; they are made Django's like any other.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def execute(name: str, values: Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SQL[name], values)


@contextlib.contextmanager
def unit(
    actor: Actor, purpose: str, *, channel: str = "", key: Key | None = None, about: Sequence[UUID] = ()
) -> Iterator[Unit]:
    """Open a unit of work. Inside: decide and write. After the block: values may be taken from the handles.

    Who knows whom the first `ask` will be about says so in `about`: the row context is then set once.

    With a `key`, a repeated message raises `AlreadyAnsweredError` with the first answer (`unit.result`), and the same
    key over another body raises `ConflictError`. A refusal settles nothing: asked again, it is decided again.
    """
    current = Unit(actor, purpose, channel)
    try:
        with transaction.atomic(durable=True):  # (1)
            current.open(about)
            if key is not None:
                refuse_repeat(actor, key)
            yield current
            if key is not None and not current.was_refused:
                settle(actor, key, current.result, current.now)
            _refuse_broken()
    except Exception:
        current._abandon()  # (6)  # noqa: SLF001
        raise
    current._reveal()  # (5)  # noqa: SLF001


def _refuse_broken() -> None:
    """INVARIANT: what cannot be committed is not believed to be.

    An error that the block swallowed leaves a failed transaction, and COMMIT of that is a ROLLBACK without an error.
    """
    held = connection.connection
    if connection.needs_rollback or held is None or held.info.transaction_status is not TransactionStatus.INTRANS:
        raise NotCommittedError("a database error was swallowed in this unit, so nothing of it can be kept")


Result = TypeVar("Result")
_TRIES = 3
_AGAIN = ("40001", "40P01")


def run(work: Callable[[], Result]) -> Result:
    """Run `work`, which opens its own unit, again after a serialization failure or deadlock, at most three times.

    A message whose key was settled meanwhile ends in `AlreadyAnsweredError`, so a lost COMMIT is told apart from none.
    """
    for attempt in range(1, _TRIES + 1):
        try:
            return work()
        except OperationalError as error:
            state = getattr(error.__cause__, "sqlstate", None)
            if attempt == _TRIES or (state not in _AGAIN and "was faster" not in str(error)):
                raise
    raise AssertionError
