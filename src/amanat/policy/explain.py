"""Why a request was answered as it was, and what would be permitted instead.

Values only: edges turn them into words (`statement.words`). An alternative is listed only if it was decided anew and
permitted, so whatever is offered to a person succeeds when they take it.
"""

import enum
from collections.abc import Iterator
from dataclasses import dataclass, replace

from amanat.policy.decision import Decision, Outcome
from amanat.policy.interpreter import Policy, decide, in_reach, lack, met
from amanat.policy.literals import Question
from amanat.policy.near import misses
from amanat.policy.request import Request
from amanat.policy.rule import Literal, Rule, RuleKind
from amanat.vocabulary.clauses import clause_order
from amanat.vocabulary.terms import RECIPIENT, RECIPIENT_KIND

_NEAREST = 5


class Way(enum.Enum):
    """What an alternative changes: the person is asked, less is asked for, or somebody else is told."""

    CONSENT = "consent"
    SUBSET = "subset"
    RECIPIENT = "recipient"


@dataclass(frozen=True, slots=True)
class Considered:
    """A rule that nearly let a datum through, or that stopped it.

    `missed` names the axes on which the rule does not hold the datum (`to`, `for` …); `lacking` the conditions that
    failed. A permit without either held.
    """

    rule: Rule
    word: str
    missed: tuple[str, ...] = ()
    lacking: tuple[Literal, ...] = ()

    @property
    def distance(self) -> int:
        return len(self.missed) + len(self.lacking)


@dataclass(frozen=True, slots=True)
class Alternative:
    """A changed request that is permitted. `change` names what is new: consents, the data left, or the recipient.

    `asks` are the consents that the person must give first, if any.
    """

    way: Way
    change: tuple[str, ...]
    request: Request
    decision: Decision
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision with the permits that came nearest, the rules that stopped it, and what could be done instead."""

    request: Request
    decision: Decision
    permits: tuple[Considered, ...]
    stops: tuple[Considered, ...]
    alternatives: tuple[Alternative, ...]


def explain(policy: Policy, request: Request) -> Explanation:
    """Decide `request` and tell why; alternatives only for what was not permitted."""
    decision = decide(policy, request)
    questions = [Question(request, one) for one in request.items] if request.host == "own" else []
    return Explanation(
        request,
        decision,
        tuple(one for question in questions for one in _nearest(policy, question)),
        tuple(one for question in questions for one in _stops(policy, question)),
        tuple(_alternatives(policy, request, decision)),
    )


def _nearest(policy: Policy, question: Question) -> list[Considered]:
    """The permits of this action that lack least; one for another action is not near."""
    found = [
        Considered(rule, question.item.word, missed, lack(rule.when, question))
        for rule in policy.rules
        if rule.kind is RuleKind.PERMIT and "do" not in (missed := misses(rule, question))
    ]
    least = min((one.distance for one in found), default=0)
    close = [one for one in found if one.distance <= max(least, 1)]
    return sorted(close, key=lambda one: (one.distance, len(one.missed), clause_order(one.rule.id)))[:_NEAREST]


def _stops(policy: Policy, question: Question) -> Iterator[Considered]:
    """The prohibitions, requirements, choices and limits of reach that stand against this datum."""
    near, word = policy.near(question), question.item.word
    for rule in (*near.forbids, *near.choices):
        if met(rule.when, question) and not met(rule.unless, question):
            yield Considered(rule, word, (), lack(rule.unless, question))
    for rule in (*near.controls, *near.requires):
        if met(rule.when, question) and not met(rule.need, question):
            yield Considered(rule, word, (), lack(rule.need, question))
    for rule in near.reaches:
        if not in_reach(rule, question.request):
            yield Considered(rule, word, ("who",))


def _alternatives(policy: Policy, request: Request, decision: Decision) -> Iterator[Alternative]:
    """What differs in one respect and is permitted: by asking, with less data, for another recipient."""
    if decision.outcome in (Outcome.PERMIT, Outcome.OUT_OF_SCOPE):
        return
    for way, change, changed in (
        *_by_consent(request, decision),
        *_with_less(request, decision),
        *_to_others(request),
    ):
        anew = decide(policy, changed)
        if anew.outcome is Outcome.PERMIT:
            yield Alternative(way, change, changed, anew, tuple(sorted(changed.choices - request.choices)))


_Change = tuple[Way, tuple[str, ...], Request]


def _by_consent(request: Request, decision: Decision) -> Iterator[_Change]:
    if decision.outcome is Outcome.ASK:
        yield Way.CONSENT, decision.needs, replace(request, choices=request.choices | set(decision.needs))


def _with_less(request: Request, decision: Decision) -> Iterator[_Change]:
    """What may pass as it is; where it is more, what may pass once the person agrees."""
    now = decision.permitted
    asked = [one for one in decision.verdicts if one.outcome is Outcome.ASK]
    if now:
        yield Way.SUBSET, now, _only(request, now)
    if asked and decision.outcome is not Outcome.ASK:
        words = tuple(one.word for one in decision.verdicts if one.outcome in (Outcome.ASK, Outcome.PERMIT))
        needs = {need for one in asked for need in one.needs}
        yield Way.SUBSET, words, replace(_only(request, words), choices=request.choices | needs)


def _only(request: Request, words: tuple[str, ...]) -> Request:
    return replace(request, items=tuple(one for one in request.items if one.word in words))


def _to_others(request: Request) -> Iterator[_Change]:
    """Each other recipient in the company's own country, of whom nothing is known yet: no agreement and no tool."""
    if not request.leaves_company or request.recipient is None:
        return
    facts = replace(request.facts, agreement="none", agreement_terms=frozenset(), tool="none")
    for leaf in RECIPIENT.leaves:
        if leaf != request.recipient and RECIPIENT_KIND[leaf] != "subject":
            changed = replace(request, recipient=leaf, recipient_country=request.company, facts=facts)
            yield Way.RECIPIENT, (leaf,), changed
