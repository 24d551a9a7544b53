"""What a choice will change for a person on record, foretold by the decider that will change it.

The acts and the difference are `policy.consequences`; here stand the person's own facts and the organisations that
would really be told.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from amanat.custody.actor import Actor
from amanat.custody.comparing import Choices, Ground, Place, Supposed
from amanat.custody.facts import Ask, Person, Recipient
from amanat.custody.unit import Unit
from amanat.policy.consequences import Preview, Trial, consequences, trials_of
from amanat.rights.options import Payer
from amanat.vocabulary.acts import PAYER, Use, services_of
from amanat.vocabulary.terms import RECIPIENT

_PERSONS: Final = "member"
_THE_CLIENT: Final = "client_as_controller"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The organisations that stand for kinds of recipient, for one person."""

    payers: tuple[Payer, ...]
    others: Mapping[str, str]

    @property
    def recipients(self) -> tuple[str, ...]:
        """Every kind of recipient that could be told something; of those who pay, the ones who pay for this person."""
        paying = {payer.leaf for payer in self.payers}
        return tuple(leaf for leaf in RECIPIENT.leaves if leaf in paying or leaf not in RECIPIENT.groups["payer"])


def foresee(one: Unit, person: Person, around: Surroundings, change: Callable[[Choices], Choices]) -> Preview:
    """Foretell what `change` of the person's choices does. Nothing is recorded."""
    ground = Ground(one, person, _places(person, around))
    trials = trials_in(ground, person, around, change(frozenset(person.choices)))
    acts = [act_of(person, around, trial) for trial in trials]
    return consequences(trials, ground.decide(acts, frozenset), ground.decide(acts, change))


def trials_in(ground: Ground, person: Person, around: Surroundings, changed: Choices) -> tuple[Trial, ...]:
    """Every act that a preview looks at, for one person."""
    payers = [payer.leaf for payer in around.payers]
    return trials_of(payers, around.recipients, changed | {*person.choices}, ground.rules)


def acts_of(person: Person, around: Surroundings, choices: Iterable[str]) -> list[tuple[str, Use, Supposed]]:
    """Every act of every service, as it would be asked for."""
    trials = trials_of([payer.leaf for payer in around.payers], (), frozenset(choices), ())
    return [(one.service.key, one.act, act_of(person, around, one)) for one in trials if one.service]


def act_of(person: Person, around: Surroundings, trial: Trial) -> Supposed:
    """The act of a trial, as it would be asked about a person on record."""
    use = trial.use
    actor = Actor(None, use.role, person.company, None, person.subject if use.role == _PERSONS else None, "")
    recipient = _recipient(person, around, trial.recipient) if trial.recipient else None
    source = _code(around, use.source) if use.source else ""
    ask = Ask(use.action, use.words, use.purpose, use.channel, recipient, use.source or None, source)
    return Supposed(actor, ask, use.contexts)


def _places(person: Person, around: Surroundings) -> Iterator[Place]:
    """Everybody who could be told, and those who tell us, as the acts name them."""
    for leaf in around.recipients:
        yield _recipient(person, around, leaf), ""
    for use in (use for service in services_of(()) for use in service.uses if use.source):
        leaves = [payer.leaf for payer in around.payers] if use.recipient == PAYER else [use.recipient]
        for leaf in leaves:
            yield (_recipient(person, around, leaf) if leaf else None), _code(around, use.source)


def _recipient(person: Person, around: Surroundings, leaf: str) -> Recipient:
    code = _code(around, leaf)
    return Recipient(leaf, code) if code else Recipient(leaf, "", person.home)


def _code(around: Surroundings, leaf: str) -> str:
    payers = {payer.leaf: payer.code for payer in around.payers}
    if leaf == _THE_CLIENT:
        return next(iter(payers.values()), "")
    return payers.get(leaf) or around.others.get(leaf, "")


def stays_of(kind: str, *, withdrawn: bool) -> tuple[str, ...]:
    """What is kept although a yes is taken back, and why; each a code that the page has words for."""
    locked = {"emergency_record": ("record_locked",), "medical_service": ("health_data_locked",)}
    return (*(locked.get(kind, ()) if withdrawn else ()), "proof_of_choice", "log", "already_told")
