"""What a choice changes: the decisions before it and after it, and the difference of the two sets of what is permitted.

Nothing else goes into a preview, so it cannot soothe and cannot threaten. Whoever can decide can foretell: the command
line for the person of a request, the platform for a person on record.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Final

from amanat.policy.decision import Decision, Outcome
from amanat.policy.request import Request, item, purpose_of
from amanat.policy.rule import Box, Rule, RuleKind
from amanat.vocabulary.acts import BESIDE_SERVICE, PAYER, SITE, Service, Use, aims_of, everything, role_for, services_of
from amanat.vocabulary.terms import ACTION, CATEGORY, PURPOSE, RECIPIENT, ROLE

STOPS, LESS, CONTINUES, MORE, STARTS = "stops", "less", "continues", "more", "starts"
_OWN_RULES: Final = frozenset({"emergency_care", "legal_order"})  # aims that facts and not only boxes speak of
_STAFF: Final = frozenset(ROLE.leaves_in(ROLE.mask_of("staff"))) - {SITE}

Choices = frozenset[str]
Change = Callable[[Choices], Choices]
Permitted = tuple[str, Use, str]
Told = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Trial:
    """One act to be decided, with the leaf that its recipient is. Without a service it shows what may happen at all."""

    use: Use
    recipient: str
    service: Service | None = None

    @property
    def act(self) -> Use:
        """The act towards this very recipient."""
        return replace(self.use, recipient=self.recipient)


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one service. `changed` are the words lost (or, when something is allowed, gained) by each act."""

    service: str
    standing: str
    changed: tuple[tuple[Use, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Held:
    """Leaves that may be kept, and those that may be used for something that the person is served with."""

    kept: frozenset[str]
    used: frozenset[str]


@dataclass(frozen=True, slots=True)
class Preview:
    """The exact differences. `lost`, `gained` are (service, act, word); `untold`, `told` are (recipient, word, aim).

    The aim is empty for what the house does by itself, else one that the person allowed by name. `ended` are leaves
    that may be kept no longer, `locked` those that may be kept and not used; `opened` may newly be kept or used.
    """

    lines: tuple[Line, ...]
    lost: frozenset[Permitted]
    gained: frozenset[Permitted]
    untold: frozenset[Told]
    told: frozenset[Told]
    ended: frozenset[str]
    locked: frozenset[str]
    opened: frozenset[str]
    kept: frozenset[str]

    def of(self, standing: str) -> list[Line]:
        return [line for line in self.lines if line.standing == standing]

    @property
    def touches_casework(self) -> bool:
        """Whether those who run a case can do less: then a person with an open case should talk to them first."""
        return any(use.role in _STAFF for _, use, _ in self.lost)


def trials_of(
    payers: Sequence[str], recipients: Iterable[str], choices: Choices, rules: Sequence[Rule]
) -> tuple[Trial, ...]:
    """Every act that a preview looks at: those of the services, and all data to each of `recipients`, kept and used.

    `choices` are those before and after together, `rules` all that could take part.
    """
    asked = RECIPIENT.union(recipients)
    held = (Trial(use, "") for action in ("store", "use") for use, _ in _whole(action, choices, rules))
    told = ((use, RECIPIENT.leaves_in(to & asked)) for use, to in _whole("disclose", choices, rules))
    return (*_services(payers, choices), *held, *(Trial(use, leaf) for use, leaves in told for leaf in leaves))


def _services(payers: Sequence[str], choices: Choices) -> Iterator[Trial]:
    for service in services_of(choices):
        for use in service.uses:
            for leaf in payers if use.recipient == PAYER else [use.recipient]:
                yield Trial(use, leaf, service)


def _whole(action: str, choices: Choices, rules: Sequence[Rule]) -> Iterator[tuple[Use, int]]:
    """One verb over all data and for all purposes, as far as some rule could permit it; with whom it could tell."""
    near = [rule for rule in rules if rule.box.actions & ACTION.bit[action]]
    for use in (use for aim in _aims(choices, near) for use in everything(action, aim)):
        permits = [rule.box for rule in near if rule.kind is RuleKind.PERMIT and _admits(rule.box, use)]
        leaves = reduce(or_, (box.leaves for box in permits), 0)
        words = tuple(word for word in use.words if CATEGORY.bit[word] & leaves)
        if words:
            yield replace(use, words=words), reduce(or_, (box.recipients for box in permits), 0)


def _admits(box: Box, use: Use) -> bool:
    return bool(box.actors & ROLE.bit[use.role] and box.purposes & PURPOSE.bit[purpose_of(use.purpose)[0]])


def _aims(choices: Choices, rules: Iterable[Rule]) -> list[str]:
    """One purpose of each kind: of those that no rule, no block and no role tells apart, one answers for all."""
    blocked = [one.removeprefix("block_purpose:") for one in choices if one.startswith("block_purpose:")]
    masks = [*{rule.box.purposes for rule in rules}, *(PURPOSE.mask.get(one, 0) for one in blocked)]
    kinds: dict[tuple[str, str, tuple[bool, ...]], str] = {}
    for aim in (one for one in PURPOSE.leaves if one != "other"):
        told_apart = tuple(bool(mask & PURPOSE.bit[aim]) for mask in masks)
        kinds.setdefault((role_for(aim), aim if aim in _OWN_RULES else "", told_apart), aim)
    return [*kinds.values(), *(f"other.{aim}" for aim in aims_of(choices))]


def consequences(trials: Sequence[Trial], before: Sequence[Decision], after: Sequence[Decision]) -> Preview:
    """The difference between two lists of decisions over `trials`."""
    had, has = _permitted(trials, before), _permitted(trials, after)
    was_told, is_told = _told(trials, before), _told(trials, after)
    was_held, is_held = _held(trials, before), _held(trials, after)
    running, remaining = _running(trials, before), _running(trials, after)
    acts: dict[Service, list[Use]] = {}
    for one in trials:
        if one.service:
            acts.setdefault(one.service, []).append(one.act)
    lines = [
        _line(service, _changes(service, listed, had - has), _changes(service, listed, has - had),
              was=running[service.key], will=remaining[service.key])
        for service, listed in acts.items()
    ]  # fmt: skip
    locked = (was_held.used - is_held.used) & is_held.kept
    return Preview(
        tuple(line for line in lines if line),
        had - has, has - had,
        was_told - is_told, is_told - was_told,
        (was_held.kept | (was_held.used - is_held.used)) - is_held.kept, locked,
        (is_held.kept - was_held.kept) | (is_held.used - was_held.used),
        (was_held.kept & is_held.kept) - locked,
    )  # fmt: skip


def _permitted(trials: Sequence[Trial], decisions: Sequence[Decision]) -> frozenset[Permitted]:
    return frozenset(
        (trial.service.key, trial.act, word)
        for trial, decision in zip(trials, decisions, strict=True)
        if trial.service
        for word in decision.permitted
    )


def _told(trials: Sequence[Trial], decisions: Sequence[Decision]) -> frozenset[Told]:
    return frozenset(
        (trial.recipient, word, purpose_of(trial.use.purpose)[1])
        for trial, decision in zip(trials, decisions, strict=True)
        if trial.service is None and trial.recipient
        for word in decision.permitted
    )


def _held(trials: Sequence[Trial], decisions: Sequence[Decision]) -> Held:
    found: dict[str, set[str]] = {"store": set(), "use": set()}
    for trial, decision in zip(trials, decisions, strict=True):
        apart = trial.use.action == "use" and trial.use.purpose in BESIDE_SERVICE
        if trial.service is None and not trial.recipient and not apart:
            found[trial.use.action].update(decision.permitted)
    return Held(frozenset(found["store"]), frozenset(found["use"]))


def _running(trials: Sequence[Trial], decisions: Sequence[Decision]) -> dict[str, bool]:
    """Service → whether all that it must have is open to it, towards one of those who pay at least."""
    opened: dict[str, dict[Use, bool]] = {}
    for trial, decision in zip(trials, decisions, strict=True):
        if trial.service:
            acts = opened.setdefault(trial.service.key, {})
            opens = {Outcome.PERMIT, Outcome.GLASS} if trial.service.by_glass else {Outcome.PERMIT}
            needed = trial.use in trial.service.must
            acts[trial.use] = acts.get(trial.use, False) or decision.outcome in opens or not needed
    return {key: all(acts.values()) for key, acts in opened.items()}


_Changed = tuple[tuple[Use, tuple[str, ...]], ...]


def _line(service: Service, lost: _Changed, gained: _Changed, *, was: bool, will: bool) -> Line | None:
    """Nothing is said of a service that could not be given before and cannot be given after."""
    if not was and not will:
        return None
    if was and will and service.by_glass:
        return Line(service.key, CONTINUES, ())
    standing = STOPS if not will else STARTS if not was else LESS if lost else MORE if gained else CONTINUES
    return Line(service.key, standing, gained if standing in (STARTS, MORE) else lost)


def _changes(service: Service, acts: Iterable[Use], changed: frozenset[Permitted]) -> _Changed:
    listed = [(act, tuple(word for word in act.words if (service.key, act, word) in changed)) for act in acts]
    return tuple((act, words) for act, words in listed if words)


# For the person of a request ------------------------------------------------------------------------------------------

_PAYS: Final[Mapping[str, str]] = {
    "employee_of": "employer", "dependant_of": "employer_of_relative", "member_of": "membership_body",
}  # fmt: skip


def foretell(
    decide: Callable[[Request], Decision], rules: Sequence[Rule], person: Request, change: Change
) -> Preview:  # fmt: skip
    """What `change` of the choices does for the person of a request, whose facts stay as they are."""
    before, after = person.choices, change(person.choices)
    trials = trials_of(payers_of(person, before | after), RECIPIENT.leaves, before | after, rules)
    answers = [
        [decide(request_of(replace(person, choices=choices), trial)) for trial in trials] for choices in (before, after)
    ]
    return consequences(trials, *answers)


def payers_of(person: Request, choices: Choices) -> tuple[str, ...]:
    """Who pays for the person of a request: what its recipient or a choice names, else what the relation suggests."""
    named = [one.removeprefix("payer_disclosure:") for one in sorted(choices) if one.startswith("payer_disclosure:")]
    leaves = [one for one in (person.recipient, *named) if one in RECIPIENT.groups["payer"]]
    return tuple(dict.fromkeys(one for one in leaves if one)) or (_PAYS.get(person.relation, "insurer"),)


def request_of(person: Request, trial: Trial) -> Request:
    """The act of a trial, asked about the person of a request."""
    use, (purpose, other) = trial.use, purpose_of(trial.use.purpose)
    return replace(
        person, actor=use.role, action=use.action, items=tuple(item(word) for word in use.words),
        recipient=trial.recipient or None, recipient_country=person.recipient_country or person.country,
        source=use.source or None, purpose=purpose, other=other, channel=use.channel or None,
        contexts=use.contexts | (person.contexts & {"minor", "deceased"}),
    )  # fmt: skip
