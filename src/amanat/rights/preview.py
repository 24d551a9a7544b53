"""What a choice will change, foretold by the decider that will change it: every act of every service, before and after.

The preview is the difference of the two sets of permitted acts and nothing else: it cannot soothe and cannot threaten.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from amanat.custody.actor import Actor
from amanat.custody.comparing import Choices, Supposed, compare
from amanat.custody.facts import Ask, Person, Recipient
from amanat.custody.unit import Unit
from amanat.policy.decision import Decision, Outcome
from amanat.rights.options import Payer
from amanat.rights.services import PAYER, Service, Use, services_of

STOPS, LESS, CONTINUES, MORE, STARTS = "stops", "less", "continues", "more", "starts"
_PERSONS: Final = "member"
_THE_CLIENT: Final = "client_as_controller"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The organisations that stand for kinds of recipient, for one person."""

    payers: tuple[Payer, ...]
    others: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one service. `changed` are the words lost (or, when something is allowed, gained) by each act."""

    service: str
    standing: str
    changed: tuple[tuple[Use, tuple[str, ...]], ...]


Permitted = tuple[str, Use, str]


@dataclass(frozen=True, slots=True)
class Preview:
    """`lost` and `gained` are (service, act, word): the exact difference. `lines` tell it service by service."""

    lines: tuple[Line, ...]
    lost: frozenset[Permitted]
    gained: frozenset[Permitted]

    def of(self, standing: str) -> list[Line]:
        return [line for line in self.lines if line.standing == standing]


@dataclass(frozen=True, slots=True)
class _Case:
    service: Service
    use: Use
    act: Supposed


def preview_of(one: Unit, person: Person, around: Surroundings, change: Callable[[Choices], Choices]) -> Preview:
    """Foretell what `change` of the person's choices does. Nothing is recorded."""
    services = services_of({*person.choices, *change(frozenset(person.choices))})
    cases = list(_cases(person, around, services))
    before, after = compare(one, person, [case.act for case in cases], [frozenset, change])
    had, has = _permitted(cases, before), _permitted(cases, after)
    running, remaining = _running(cases, before), _running(cases, after)
    lines = [_line(service, had, has, running, remaining) for service in services]
    return Preview(tuple(line for line in lines if line), had - has, has - had)


def acts_of(person: Person, around: Surroundings, choices: Iterable[str]) -> list[tuple[str, Use, Supposed]]:
    """Every act that a preview looks at, as it would be asked for."""
    return [(case.service.key, case.use, case.act) for case in _cases(person, around, services_of(choices))]


def _cases(person: Person, around: Surroundings, services: Sequence[Service]) -> Iterator[_Case]:
    for service in services:
        for use in service.uses:
            leaves = [payer.leaf for payer in around.payers] if use.recipient == PAYER else [use.recipient]
            for leaf in leaves:
                yield _Case(service, use, _supposed(person, around, replace(use, recipient=leaf)))


def _supposed(person: Person, around: Surroundings, use: Use) -> Supposed:
    actor = Actor(None, use.role, person.company, None, person.subject if use.role == _PERSONS else None, "")
    recipient = _recipient(person, around, use.recipient) if use.recipient else None
    source = _code(around, use.source) if use.source else ""
    ask = Ask(use.action, use.words, use.purpose, use.channel, recipient, use.source or None, source)
    return Supposed(actor, ask, use.contexts)


def _recipient(person: Person, around: Surroundings, leaf: str) -> Recipient:
    code = _code(around, leaf)
    return Recipient(leaf, code) if code else Recipient(leaf, "", person.home)


def _code(around: Surroundings, leaf: str) -> str:
    payers = {payer.leaf: payer.code for payer in around.payers}
    if leaf == _THE_CLIENT:
        return next(iter(payers.values()), "")
    return payers.get(leaf) or around.others.get(leaf, "")


def _permitted(cases: Sequence[_Case], decisions: Sequence[Decision]) -> frozenset[Permitted]:
    return frozenset(
        (case.service.key, case.use, word)
        for case, decision in zip(cases, decisions, strict=True)
        for word in decision.permitted
    )


def _running(cases: Sequence[_Case], decisions: Sequence[Decision]) -> dict[str, bool]:
    """Service → whether all that it must have is open to it."""
    running: dict[str, bool] = {}
    for case, decision in zip(cases, decisions, strict=True):
        opens = {Outcome.PERMIT, Outcome.GLASS} if case.service.by_glass else {Outcome.PERMIT}
        needed = case.use in case.service.must
        running[case.service.key] = running.get(case.service.key, True) and (not needed or decision.outcome in opens)
    return running


def _line(
    service: Service,
    had: frozenset[Permitted],
    has: frozenset[Permitted],
    running: Mapping[str, bool],
    remaining: Mapping[str, bool],
) -> Line | None:
    """Nothing is said of a service that could not be given before and cannot be given after."""
    was, will = running.get(service.key, False), remaining.get(service.key, False)
    if not was and not will:
        return None
    lost, gained = _changes(service, had - has), _changes(service, has - had)
    if was and will and service.by_glass:
        return Line(service.key, CONTINUES, ())
    standing = STOPS if not will else STARTS if not was else LESS if lost else MORE if gained else CONTINUES
    return Line(service.key, standing, gained if standing in (STARTS, MORE) else lost)


def _changes(service: Service, changed: frozenset[Permitted]) -> tuple[tuple[Use, tuple[str, ...]], ...]:
    listed = [(use, tuple(word for word in use.words if (service.key, use, word) in changed)) for use in service.uses]
    return tuple((use, words) for use, words in listed if words)


def stays_of(kind: str, *, withdrawn: bool) -> tuple[str, ...]:
    """What is kept although a yes is taken back, and why; each a code that the page has words for."""
    locked = {"emergency_record": ("record_locked",), "medical_service": ("health_data_locked",)}
    return (*(locked.get(kind, ()) if withdrawn else ()), "proof_of_choice", "log", "already_told")
