"""The reference interpreter: the definition of what a statement means. Slow and obvious; every other reader agrees.

Per datum, in this order: (1) scope, (2) prohibitions, (3) platform controls, (4) permits, else clause 6.12 denies,
(5) requirements, (6) the person's choices. The worst datum answers for the request. Nothing depends on rule order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from amanat.policy.decision import Decision, Outcome, Verdict
from amanat.policy.literals import Question, holds, need_text
from amanat.policy.request import Item, Request
from amanat.policy.rule import Condition, Literal, Obligation, Rule, RuleKind, in_clause_order
from amanat.vocabulary.clauses import clause_order
from amanat.vocabulary.terms import ACTION, CHANNEL, OBLIGATIONS, PURPOSE, RECIPIENT, RELATION, ROLE

DEFAULT = "6.12"
SCOPE = "4.4"
ALWAYS_DUE = (Obligation("log"), Obligation("cite"))


@dataclass(frozen=True)
class Policy:
    """A compiled statement: its rules, its version and the digest of its text."""

    rules: tuple[Rule, ...]
    version: str
    digest: str

    @cached_property
    def _by_place(self) -> dict[tuple[int, int], dict[RuleKind, tuple[Rule, ...]]]:
        return {}

    def rules_at(self, action: int, leaf: int) -> dict[RuleKind, tuple[Rule, ...]]:
        """The rules that name this action and this leaf, by kind."""
        found = self._by_place.get((action, leaf))
        if found is None:
            near = [rule for rule in self.rules if rule.box.actions & action and rule.box.leaves & leaf]
            found = {kind: tuple(rule for rule in near if rule.kind is kind) for kind in RuleKind}
            self._by_place[action, leaf] = found
        return found


@dataclass(frozen=True, slots=True)
class _Finding:
    """What one pass over the rules found for one datum; `missing` holds what each failed rule lacked."""

    permitted: bool
    clauses: tuple[str, ...]
    obligations: tuple[Obligation, ...] = ()
    missing: tuple[Literal, ...] = ()


def decide(policy: Policy, request: Request) -> Decision:
    """Decide each datum of `request` and fold them. Total: every request gets an answer, and never by accident a permit."""
    if request.host == "foreign":
        items = request.items or (Item("", ""),)
        return fold(policy, tuple(_verdict(one, Outcome.OUT_OF_SCOPE, (SCOPE,)) for one in items))
    if request.action is None or request.actor is None or not request.items:
        return fold(policy, tuple(_verdict(one, Outcome.DENY, (DEFAULT,)) for one in request.items or (Item("", ""),)))
    return fold(policy, tuple(_decide_item(policy, Question(request, one)) for one in request.items))


def _verdict(
    one: Item,
    outcome: Outcome,
    clauses: Iterable[str],
    obligations: Iterable[Obligation] = (),
    needs: tuple[str, ...] = (),
) -> Verdict:
    return Verdict(one.word, outcome, in_clause_order(clauses), unite(obligations), needs)


def _decide_item(policy: Policy, question: Question) -> Verdict:
    found = _examine(policy, question)
    if found.permitted:
        return _verdict(question.item, Outcome.PERMIT, found.clauses, found.obligations)
    needs = _needs(found.missing, question)
    if question.request.consent_giveable and _examine(policy, _assuming(question, consents=True)).permitted:
        asked = tuple(need for need in needs if need != "glass")
        return _verdict(question.item, Outcome.ASK, found.clauses, (Obligation("offer_opt_in"),), asked)
    if _examine(policy, _assuming(question, glass=True)).permitted:
        return _verdict(question.item, Outcome.GLASS, found.clauses, (), ("glass",))
    return _verdict(question.item, Outcome.DENY, found.clauses, found.obligations, needs)


def _assuming(question: Question, *, consents: bool = False, glass: bool = False) -> Question:
    return Question(question.request, question.item, assume_consents=consents, assume_glass=glass)


def _examine(policy: Policy, question: Question) -> _Finding:
    rules = policy.rules_at(ACTION.bit[question.request.action or ""], question.item.bit)
    fired = [
        rule
        for rule in rules[RuleKind.FORBID]
        if _matches(rule, question) and _holds(rule.when, question) and not _holds(rule.unless, question)
    ]
    if fired:
        return _Finding(False, _sections(fired), _duties(fired))
    controls = _unmet(rules[RuleKind.CONTROL], question)
    if controls:
        return _blame(controls, question)
    if not all(rule.box.actors & ROLE.bit[question.request.actor or ""] for rule in _reaches(rules, question)):
        return _Finding(False, (DEFAULT,))
    return _examine_permits(rules, question)


def _reaches(rules: dict[RuleKind, tuple[Rule, ...]], question: Question) -> list[Rule]:
    """The strictest statements of who may touch this datum at all, for this purpose."""
    return [rule for rule in rules[RuleKind.REACH] if _matches(rule, question, ignore_actor=True)]


def _examine_permits(rules: dict[RuleKind, tuple[Rule, ...]], question: Question) -> _Finding:
    if _unaddressed(question.request):
        return _Finding(False, (DEFAULT,))
    near = [rule for rule in rules[RuleKind.PERMIT] if _matches(rule, question)]
    held = [rule for rule in near if _holds(rule.when, question)]
    requires = [rule for rule in rules[RuleKind.REQUIRE] if _matches(rule, question) and _holds(rule.when, question)]
    unmet = [rule for rule in requires if not _holds(rule.need, question)]
    if not held:
        return _nearest(near, unmet, question)
    if unmet:
        return _blame(unmet, question)
    blocked = [
        rule
        for rule in rules[RuleKind.CHOICE]
        if _matches(rule, question) and _holds(rule.when, question) and not _holds(rule.unless, question)
    ]
    if blocked:
        return _Finding(False, _sections(blocked), _duties(blocked))
    return _Finding(True, _sections([*held, *requires]), _duties([*held, *requires]))


def _unaddressed(request: Request) -> bool:
    """Nothing moves for no purpose, to nobody or from nowhere."""
    nobody = request.leaves_company and request.recipient is None
    nowhere = request.action == "receive" and request.source is None
    return request.purpose is None or nobody or nowhere


def _nearest(near: Sequence[Rule], unmet: Sequence[Rule], question: Question) -> _Finding:
    """No permit held: the permits that lacked least are named, with all that a permit would have asked."""
    if not near:
        return _Finding(False, (DEFAULT,))
    lacks = {rule.id: _missing(rule.when, question) for rule in near}
    least = min(len(lack) for lack in lacks.values())
    nearest = [rule for rule in near if len(lacks[rule.id]) == least]
    missing = [literal for rule in nearest for literal in lacks[rule.id]]
    asked = [literal for rule in unmet for literal in _missing(rule.need, question)]
    return _Finding(False, _blamed(nearest, lacks), (), (*missing, *asked))


def _blame(unmet: Sequence[Rule], question: Question) -> _Finding:
    lacks = {rule.id: _missing(rule.need, question) for rule in unmet}
    missing = tuple(literal for rule in unmet for literal in lacks[rule.id])
    return _Finding(False, _blamed(unmet, lacks), (), missing)


def _blamed(rules: Iterable[Rule], lacks: dict[str, tuple[Literal, ...]]) -> tuple[str, ...]:
    return in_clause_order(
        literal.cites or rule.section for rule in rules for literal in (lacks[rule.id] or (Literal(""),))
    )


def _missing(condition: Condition, question: Question) -> tuple[Literal, ...]:
    """The literals that the easiest way to meet `condition` still lacks; the first written way wins a tie."""
    ways = [tuple(one for one in way if not holds(one, question)) for way in condition]
    return min(ways, key=len, default=())


def _unmet(rules: Iterable[Rule], question: Question) -> list[Rule]:
    return [
        rule
        for rule in rules
        if _matches(rule, question) and _holds(rule.when, question) and not _holds(rule.need, question)
    ]


def _holds(condition: Condition, question: Question) -> bool:
    return any(all(holds(literal, question) for literal in way) for way in condition)


def _matches(rule: Rule, question: Question, *, ignore_actor: bool = False) -> bool:
    """Whether the request lies in the rule's box; an absent word lies only where the rule leaves that axis open."""
    box, request = rule.box, question.request
    return (
        (ignore_actor or bool(box.actors & ROLE.bit[request.actor or ""]))
        and (box.fields is None or question.item.word in box.fields)
        and _within(box.purposes, request.purpose, PURPOSE.bit, PURPOSE.everything)
        and bool(box.relations & RELATION.bit[request.relation])
        and bool(box.contexts & request.context_mask)
        and (box.beside == 0 or bool(box.beside & request.leaves & ~question.item.bit))
        and _matches_movement(rule, request)
    )


def _matches_movement(rule: Rule, request: Request) -> bool:
    box = rule.box
    if request.leaves_company:
        return _within(box.recipients, request.recipient, RECIPIENT.bit, RECIPIENT.everything)
    if request.action == "receive" and not _within(box.sources, request.source, RECIPIENT.bit, RECIPIENT.everything):
        return False
    if request.action in ("collect", "receive"):
        return _within(box.channels, request.channel or "web_public", CHANNEL.bit, CHANNEL.everything)
    return True


def _within(allowed: int, word: str | None, bits: dict[str, int], open_axis: int) -> bool:
    """An absent word lies only where the rule leaves the axis open."""
    return bool(allowed & bits[word]) if word is not None else allowed == open_axis


def _sections(rules: Iterable[Rule]) -> tuple[str, ...]:
    return in_clause_order(rule.section for rule in rules)


def _duties(rules: Iterable[Rule]) -> tuple[Obligation, ...]:
    return tuple(duty for rule in rules for duty in rule.then)


def _needs(missing: Iterable[Literal], question: Question) -> tuple[str, ...]:
    texts = (need_text(literal, question) for literal in missing)
    return tuple(dict.fromkeys(text for text in texts if text))


_ORDER = {name: position for position, name in enumerate(OBLIGATIONS)}


def unite(duties: Iterable[Obligation]) -> tuple[Obligation, ...]:
    """All duties once, in vocabulary order; of two parameters the stricter stays (shorter time, larger k)."""
    strictest: dict[str, Obligation] = {}
    for duty in (*ALWAYS_DUE, *duties):
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
    worst = min((one.outcome for one in verdicts), key=lambda outcome: outcome.rank)
    told = [one for one in verdicts if one.outcome is worst]
    clauses = tuple(sorted({c for one in told for c in one.clauses}, key=clause_order))
    if len(clauses) > 1 and worst is Outcome.DENY and DEFAULT in clauses:
        clauses = tuple(clause for clause in clauses if clause != DEFAULT)
    needs = tuple(dict.fromkeys(need for one in told for need in one.needs))
    obligations = unite(duty for one in told for duty in one.obligations)
    return Decision(worst, clauses, obligations, needs, verdicts, policy.version, policy.digest)
