"""The reference interpreter: the definition of what a statement means. Slow and obvious; every other reader agrees.

Per datum, in this order: (1) scope, (2) prohibitions, (3) platform controls, (4) permits, else clause 6.12 denies,
(5) requirements, (6) the person's choices. The worst datum answers for the request. Nothing depends on rule order.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from amanat.policy.decision import Decision, Outcome, Verdict
from amanat.policy.literals import Question, holds, in_need_order, need_text
from amanat.policy.near import Index, Near, Rules
from amanat.policy.request import Item, Request
from amanat.policy.rule import ALWAYS, Condition, Conjunction, Literal, Obligation, Rule, in_clause_order
from amanat.vocabulary.terms import OBLIGATIONS, ROLE

DEFAULT = "6.12"
SCOPE = "4.4"
ALWAYS_DUE = (Obligation("log"), Obligation("cite"))


@dataclass(frozen=True)
class Policy:
    """A compiled statement: its rules, its version and the digest of its text."""

    rules: Rules
    version: str
    digest: str

    def near(self, question: Question) -> Near:
        """The rules whose box holds this datum of this request."""
        return self.index.near(question)

    @cached_property
    def index(self) -> Index:
        return Index(self.rules)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that stands between a datum and a permit: the clauses to name and the literals that were missing.

    `final` obstacles answer alone; the others (a permit's conditions, the requirements) are told together.
    """

    clauses: tuple[str, ...]
    missing: tuple[Literal, ...] = ()
    duties: tuple[Obligation, ...] = ()
    final: bool = True


_NOTHING_NEAR = Obstacle((DEFAULT,))


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of a datum before its needs are put in the words of the request."""

    outcome: Outcome
    clauses: tuple[str, ...]
    obligations: tuple[Obligation, ...]
    missing: tuple[Literal, ...] = ()

    def of(self, question: Question) -> Verdict:
        texts = [need_text(literal, question) for literal in self.missing]
        needs = in_need_order(text for text in texts if text) if texts else ()
        return Verdict(question.item.word, self.outcome, self.clauses, self.obligations, needs)


def decide(policy: Policy, request: Request) -> Decision:
    """Decide each datum of `request` and fold them. Total: every request gets an answer, never by accident a permit."""
    items = request.items or (Item("", ""),)
    if request.host == "foreign":
        return fold(policy, tuple(Verdict(one.word, Outcome.OUT_OF_SCOPE, (SCOPE,), ALWAYS_DUE) for one in items))
    if not request.items:
        return fold(policy, tuple(Verdict(one.word, Outcome.DENY, (DEFAULT,), ALWAYS_DUE) for one in items))
    return fold(policy, tuple(_decide_item(policy, Question(request, one)) for one in items))


def _decide_item(policy: Policy, question: Question) -> Verdict:
    return judge(policy.near(question), question).of(question)


def judge(near: Near, question: Question) -> Judgement:
    """What the rules near a datum say of it."""
    way = obstacles(near, question)
    first = next(way, None)
    if first is None:
        relied = [*(rule for rule in near.permits if met(rule.when, question)), *_applying(near.requires, question)]
        return Judgement(Outcome.PERMIT, _sections(relied), unite(_duties(relied)))
    for outcome, hope in hopes(near, question):
        if next(obstacles(near, hope), None) is None:
            return _conditional(outcome, list(obstacles(near, question, hope)))
    told = [first] if first.final else [first, *(one for one in way if not one.final)]
    return Judgement(Outcome.DENY, first.clauses, unite(first.duties), _missing(told))


def hopes(near: Near, question: Question) -> Iterator[tuple[Outcome, Question]]:
    """What to assume before giving up: first that the person agrees, then that the glass is rightly broken."""
    if not near.permits:
        return
    if question.request.consent_giveable:
        yield Outcome.ASK, Question(question.request, question.item, assume_consents=True)
    yield Outcome.GLASS, Question(question.request, question.item, assume_glass=True)


def _conditional(outcome: Outcome, lacks: list[Obstacle]) -> Judgement:
    duties = (Obligation("offer_opt_in"),) if outcome is Outcome.ASK else ()
    return Judgement(outcome, lacks[0].clauses, unite(duties), _missing(lacks))


def obstacles(near: Near, question: Question, hope: Question | None = None) -> Iterator[Obstacle]:
    """All that stands in the way, in the order in which it answers; nothing at all is a permit.

    With a `hope` under which everything would hold, only the ways that it opens count as ways.
    """
    yield from _stopping(near.forbids, question, hope)
    yield from _unmet(near.controls, question, hope, final=True)
    request = question.request
    if not near.permits or not addressed(request) or not all(in_reach(rule, request) for rule in near.reaches):
        yield _NOTHING_NEAR
    else:
        yield from _unpermitted(near.permits, question, hope)
    yield from _unmet(near.requires, question, hope, final=False)
    yield from _stopping(near.choices, question, hope)


def _stopping(rules: Rules, question: Question, hope: Question | None) -> Iterator[Obstacle]:
    """Prohibitions and the person's own choices that nothing lifts."""
    fired = [rule for rule in _applying(rules, question) if not met(rule.unless, question)]
    if fired:
        missing = tuple(literal for rule in fired for literal in lack(rule.unless, question, hope))
        yield Obstacle(_sections(fired), missing, _duties(fired))


def _unmet(rules: Rules, question: Question, hope: Question | None, *, final: bool) -> Iterator[Obstacle]:
    failed = [rule for rule in _applying(rules, question) if not met(rule.need, question)]
    if failed:
        yield _blame([(rule, lack(rule.need, question, hope)) for rule in failed], final=final)


def _unpermitted(permits: Rules, question: Question, hope: Question | None) -> Iterator[Obstacle]:
    """No permit holds: those that lack least are named."""
    if any(met(rule.when, question) for rule in permits):
        return
    open_ways = [rule for rule in permits if hope is None or met(rule.when, hope)]
    lacks = [(rule, lack(rule.when, question, hope)) for rule in open_ways]
    least = min(len(missing) for _, missing in lacks)
    yield _blame([(rule, missing) for rule, missing in lacks if len(missing) == least], final=False)


def _blame(lacks: list[tuple[Rule, tuple[Literal, ...]]], *, final: bool) -> Obstacle:
    clauses = in_clause_order(
        literal.cites or rule.section for rule, missing in lacks for literal in missing or (Literal(""),)
    )
    return Obstacle(clauses, tuple(literal for _, missing in lacks for literal in missing), (), final)


def addressed(request: Request) -> bool:
    """Nothing is done by nobody or for no purpose, and nothing moves to nobody or from nowhere."""
    named = request.actor is not None and request.action is not None and request.purpose is not None
    nobody = request.leaves_company and request.recipient is None
    nowhere = request.action == "receive" and request.source is None
    return named and not nobody and not nowhere


def in_reach(rule: Rule, request: Request) -> bool:
    """Whether a statement of who may touch such data at all names the actor."""
    return request.actor is not None and bool(rule.box.actors & ROLE.bit[request.actor])


def _applying(rules: Rules, question: Question) -> list[Rule]:
    return [rule for rule in rules if met(rule.when, question)]


def met(condition: Condition, question: Question) -> bool:
    return condition is ALWAYS or any(_opens(way, question) for way in condition)


def _opens(way: Conjunction, question: Question) -> bool:
    for literal in way:  # noqa: SIM110  # the innermost loop of every decision: a generator costs a third more
        if not holds(literal, question):
            return False
    return True


def lack(condition: Condition, question: Question, hope: Question | None = None) -> tuple[Literal, ...]:
    """The literals that the easiest way to meet `condition` still lacks; the first written way wins a tie."""
    ways = [way for way in condition if hope is None or _opens(way, hope)]
    return min((tuple(one for one in way if not holds(one, question)) for way in ways), key=len, default=())


def _sections(rules: Iterable[Rule]) -> tuple[str, ...]:
    return in_clause_order(rule.section for rule in rules)


def _duties(rules: Iterable[Rule]) -> tuple[Obligation, ...]:
    return tuple(duty for rule in rules for duty in rule.then)


def _missing(told: Iterable[Obstacle]) -> tuple[Literal, ...]:
    return tuple(literal for one in told for literal in one.missing)


_ORDER = {name: position for position, name in enumerate(OBLIGATIONS)}


def unite(duties: Iterable[Obligation]) -> tuple[Obligation, ...]:
    """All duties once, in vocabulary order; of two parameters the stricter stays (shorter time, larger k)."""
    return _united(frozenset(duties))


@lru_cache(maxsize=4096)
def _united(duties: frozenset[Obligation]) -> tuple[Obligation, ...]:
    strictest: dict[str, Obligation] = {}
    for duty in (*ALWAYS_DUE, *sorted(duties, key=str)):
        known = strictest.get(duty.name)
        if known is None or _stricter(duty, known):
            strictest[duty.name] = duty
    return tuple(sorted(strictest.values(), key=lambda duty: _ORDER[duty.name]))


def _stricter(new: Obligation, known: Obligation) -> bool:
    if not new.parameter or not known.parameter:
        return bool(new.parameter)
    if new.name == "aggregate_k":
        return int(new.parameter) > int(known.parameter)
    return hours(new.parameter) < hours(known.parameter)


def hours(span: str) -> int:
    """`72h` → 72, `30d` → 720; any other text counts as longest."""
    number, unit = span[:-1], span[-1:]
    return int(number) * {"h": 1, "d": 24}[unit] if number.isdigit() and unit in ("h", "d") else 1 << 30


def fold(policy: Policy, verdicts: tuple[Verdict, ...]) -> Decision:
    """The worst datum answers; clauses, needs and obligations are those of the worst ones together."""
    if len(verdicts) == 1:
        (one,) = verdicts
        return Decision(
            one.outcome, one.clauses, one.obligations, one.needs, verdicts, policy.version, policy.digest
        )  # fmt: skip
    worst = min((one.outcome for one in verdicts), key=lambda outcome: outcome.rank)
    told = [one for one in verdicts if one.outcome is worst]
    clauses = in_clause_order(clause for one in told for clause in one.clauses)
    if len(clauses) > 1 and worst is Outcome.DENY:
        clauses = tuple(clause for clause in clauses if clause != DEFAULT)
    needs = in_need_order(need for one in told for need in one.needs)
    obligations = unite(duty for one in told for duty in one.obligations)
    return Decision(worst, clauses, obligations, needs, verdicts, policy.version, policy.digest)
