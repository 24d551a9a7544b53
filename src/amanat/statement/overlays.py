"""Overlays around a statement: law, binding corporate rules, policies, contracts (clauses 1.0 to 1.4).

An overlay adds stops and duties and no permit, so an answer under it is never wider than without. Which ones apply
follows from the places a request touches and from whose contract it is made under; a place nobody named could be any.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from string import ascii_lowercase
from typing import Final, NamedTuple

from amanat.policy.decision import Decision
from amanat.policy.interpreter import Policy, decide
from amanat.policy.request import Request
from amanat.policy.rule import Literal, Rule, RuleKind
from amanat.policy.together import together
from amanat.statement.cases import Case
from amanat.statement.declarations import Duty
from amanat.statement.diagnostics import Diagnostic
from amanat.statement.document import Section
from amanat.vocabulary.clauses import overlay_order
from amanat.vocabulary.duties import hours_of
from amanat.vocabulary.law import packs_of

EVERYWHERE: Final = "everywhere"
NO_CLIENTS: Final[frozenset[str]] = frozenset()
_MOST_POLICIES = 1_000
_ORDERED = (Literal("lawful_order"),)

Decide = Callable[[Request], Decision]
_Set = tuple[tuple[int, ...], frozenset[str]]  # which overlays, and which clauses are compelled


@dataclass(frozen=True)
class Overlay:
    """A compiled overlay. `id` is `law:EU`; its rules are `law:EU/6.10`, after the clause that they make stricter.

    `applies` holds law packs and countries, `everywhere`, or the clients of a contract. `compels` are clauses whose
    choices yield to a lawful order; `duties` take less time than the clause's own. `digest` is SHA-256 over the file's
    bytes, in hexadecimal.
    """

    id: str
    version: str
    effective: str
    digest: str
    text: str
    applies: frozenset[str]
    rules: tuple[Rule, ...]
    compels: frozenset[str] = frozenset()
    duties: tuple[Duty, ...] = ()
    sections: tuple[Section, ...] = ()
    cases: tuple[Case, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()

    @property
    def kind(self) -> str:
        return self.id.partition(":")[0]

    def concerns(self, request: Request, clients: frozenset[str] = NO_CLIENTS) -> bool:
        """Whether the overlay has a say on this request, made under the contracts of these clients."""
        if request.host == "foreign":
            return False
        if self.kind == "contract":
            return bool(self.applies & clients)
        return EVERYWHERE in self.applies or any(self._reaches(place) for place in _places(self.kind, request))

    def compelled(self, request: Request) -> frozenset[str]:
        """A law compels the companies of its own land alone: not whoever sends data there or serves its people."""
        at_home = request.company is not None and self._reaches(request.company)
        return self.compels if at_home else frozenset()

    def _reaches(self, place: str | None) -> bool:
        return place is None or bool(self.applies & {place, *packs_of(place)})


def _places(kind: str, request: Request) -> list[str | None]:
    """Where the company acts, which stands for where data was collected; where the person lives; where data goes.

    Binding corporate rules follow the data's origin, wherever it goes (A-23).
    """
    origin = [request.company, request.country]
    moves = request.leaves_company and request.recipient is not None
    return [*origin, request.recipient_country] if moves and kind != "bcr" else origin


class Tightened(NamedTuple):
    """A policy with the rules of the overlays that were consulted."""

    policy: Policy
    overlays: tuple[Overlay, ...]
    decide: Decide


def interpreting(policy: Policy) -> Decide:
    return partial(decide, policy)


class Overlaid:
    """A statement's policy and the overlays around it; each set of overlays makes one policy, made once.

    `reading` gives the reader that decides under a policy; the interpreter unless told otherwise.
    """

    def __init__(
        self, base: Policy, overlays: Iterable[Overlay], reading: Callable[[Policy], Decide] = interpreting
    ) -> None:
        self.base = base
        self.overlays = tuple(sorted(overlays, key=lambda one: overlay_order(one.id)))
        self._reading = reading
        self._made: dict[_Set, Tightened] = {}

    def around(self, request: Request, clients: frozenset[str] = NO_CLIENTS) -> Tightened:
        """The policy under which this request is decided."""
        places = tuple(place for place, one in enumerate(self.overlays) if one.concerns(request, clients))
        compelled = frozenset(clause for place in places for clause in self.overlays[place].compelled(request))
        return self._made.get((places, compelled)) or self._make(places, compelled)

    def _make(self, places: tuple[int, ...], compelled: frozenset[str]) -> Tightened:
        if len(self._made) >= _MOST_POLICIES:
            self._made.clear()
        consulted = tuple(self.overlays[place] for place in places)
        policy = tightened(self.base, consulted, compelled)
        self._made[places, compelled] = made = Tightened(policy, consulted, self._reading(policy))
        return made

    def decide(self, request: Request, clients: frozenset[str] = NO_CLIENTS) -> Decision:
        """Decide under the overlays that have a say, and tell which they were."""
        made = self.around(request, clients)
        told = tuple((one.id, one.digest) for one in made.overlays)
        return replace(made.decide(request), overlays=told) if told else made.decide(request)

    def decide_together(self, requests: tuple[Request, ...], clients: frozenset[str] = NO_CLIENTS) -> Decision:
        """One act that is several requests: each under its own overlays, each has to permit."""
        return together(self.base, [self.decide(request, clients) for request in requests])


def clients_named(overlays: Iterable[Overlay]) -> frozenset[str]:
    """The clients of these contracts: for a caller without facts, who says that a contract holds by naming it."""
    return frozenset(client for one in overlays if one.kind == "contract" for client in one.applies)


def time_allowed(duty: Duty, overlays: Iterable[Overlay]) -> tuple[str, str]:
    """How long a duty may take, and the section that says so: its own clause, or an overlay that is stricter."""
    same = (other for one in overlays for other in one.duties if same_matter(other, duty))
    least = min((duty, *same), key=hours_allowed)
    return least.within, least.section


def same_matter(duty: Duty, known: Duty) -> bool:
    """Whether two duties of a clause are about the same event and leave the same proof."""
    proof = not duty.evidence or bool({*duty.evidence} & {*known.evidence})
    return (duty.clause, duty.event) == (known.clause, known.event) and proof


def hours_allowed(duty: Duty) -> float:
    return hours_of(duty.within) if duty.within else float("inf")


def tightened(base: Policy, overlays: Iterable[Overlay], compelled: frozenset[str] = frozenset()) -> Policy:
    """The base rules, with blocks that yield where a law compels, and the rules of the overlays."""
    rules = tuple(_yielding(rule, compelled) for rule in base.rules)
    return replace(base, rules=(*rules, *(rule for one in overlays for rule in one.rules)))


def _yielding(rule: Rule, compelled: frozenset[str]) -> Rule:
    """A choice of a compelled clause lets a lawful order pass; nothing but a choice ever yields."""
    named = compelled & {rule.section, rule.section.rstrip(ascii_lowercase)}
    if rule.kind is not RuleKind.CHOICE or not named or _ORDERED in rule.unless:
        return rule
    return replace(rule, unless=(*rule.unless, _ORDERED))
