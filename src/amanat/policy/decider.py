"""The fast decider: the interpreter's answers, found by looking words up and joining integers.

It reads a `Request`, the contract's wire object (`policy.glance`) or a flat one whose facts are resolved. What it meets
for the first time, or cannot read at a glance, it leaves to the interpreter and remembers: so it can be slow, but it
cannot differ. Reasons are part of every answer.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from amanat.policy.cells import MOST_KEYS, TAKING, Answer, Cell, Cells, answer_of, source_signals
from amanat.policy.decision import Decision
from amanat.policy.interpreter import Policy, decide, fold, judge
from amanat.policy.literals import Question, in_need_order, need_text
from amanat.policy.request import Facts, Glass, Item, Request
from amanat.policy.signals import BIT, sizes
from amanat.policy.wishes import WISH, signals_of
from amanat.vocabulary.law import COUNTRIES_WITH_PACK
from amanat.vocabulary.terms import AGREEMENT_TERMS, CHANNEL, PLATFORM_FACTS, RECIPIENT, TOOLS

YES: Final = {name: BIT[name] for name in ("attested_source", "order", "entitlement", "guardian_for")}
SAID: Final[Mapping[str, Mapping[str, int]]] = {
    "agreement": {"live": BIT["agreement"], "expired": 0, "none": 0},
    "tool": {tool: BIT.get(f"tool:{tool}", 0) for tool in TOOLS},
    "identity": {"none": 0, "claimed": BIT["identity:claimed"], "proven": BIT["identity:proven"]},
}
TERM: Final = {term: BIT[f"term:{term}"] for term in AGREEMENT_TERMS}
COMPANY: Final[dict[str | None, int]] = dict.fromkeys(COUNTRIES_WITH_PACK, BIT["company_law"])
HOME: Final[dict[str | None, int]] = dict.fromkeys(COUNTRIES_WITH_PACK, BIT["person_law"])
SOURCE: Final = {source: source_signals(source) for source in (None, *RECIPIENT.leaves)}
FEED: Final = {None: 0} | {channel: BIT["by_feed"] * (channel == "client_feed") for channel in CHANNEL.leaves}
_FAILED: Final = {fact: BIT[f"failed:{fact}"] for fact in PLATFORM_FACTS}
_MOST_ANSWERS: Final = 20_000
_WITHHELD: Final = BIT["withheld"]


Named = tuple[str | None, str | None, str]
"""Recipient, source and own aim of a request: what needs are put in words with."""


class Seen(NamedTuple):
    """A request as integers: the rules that admit it whatever the datum, its signals, and the person's wishes."""

    rules: int
    known: int
    wishes: int


class Decider:
    """Decides under one policy. Deciders share nothing, so one is replaced by another in a single assignment."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.cells = Cells(policy)
        self._folded: dict[tuple[Answer, ...], Answer] = {}

    def decide(self, request: Request) -> Decision:
        """The decision, with the verdict of each datum."""
        seen = self.see(request)
        if seen is None:
            return decide(self.policy, request)
        answers = tuple([self._answer(seen, request, one) for one in request.items])
        whole = self.fold(answers)
        return Decision(
            whole.outcome, whole.clauses, whole.obligations, whole.needs,
            tuple([answer.of(one.word) for answer, one in zip(answers, request.items, strict=True)]),
            self.policy.version, self.policy.digest,
        )  # fmt: skip

    def answer(self, request: Request) -> Answer:
        """The decision without its verdicts."""
        seen = self.see(request)
        if seen is None:
            decided = decide(self.policy, request)
            return Answer(decided.outcome, decided.clauses, decided.obligations, decided.needs)
        return self.fold(tuple([self._answer(seen, request, one) for one in request.items]))

    def see(self, request: Request) -> Seen | None:
        """The request as integers; None for one that is answered without looking at a rule."""
        action, purpose, recipient, source = request.action, request.purpose, request.recipient, request.source
        if request.host == "foreign" or not request.items:
            return None
        cells = self.cells
        rules, known = cells.moves[action, recipient, purpose]
        rules &= cells.people[request.actor, request.relation] & cells.contexts[request.context_mask]
        if action in TAKING:
            rules &= cells.takes[action, source, request.channel]
        known |= request.context_mask | SOURCE[source] | FEED[request.channel] | self._facts(request.facts)
        known |= COMPANY.get(request.company, 0) | HOME.get(request.country, 0)
        known |= BIT["adult"] if request.adult else 0
        known |= BIT["echo"] if source is not None and source == recipient else 0
        if request.actor is None or (action == "receive" and source is None):
            known |= BIT["unaddressed"]
        wishes = 0
        for choice in request.choices:
            wishes |= WISH.get(choice, 0)
        known |= signals_of(wishes, recipient, source, purpose) | _other(request)
        return Seen(rules, known, wishes)

    def _facts(self, facts: Facts) -> int:
        known = SAID["agreement"][facts.agreement] | SAID["tool"][facts.tool] | SAID["identity"][facts.identity]
        for term in facts.agreement_terms:
            known |= TERM[term]
        for fact, bit in YES.items():
            if getattr(facts, fact):
                known |= bit
        for fact in facts.platform_failures:
            known |= _FAILED[fact]
        if facts.glass is not None:
            known |= glass_signals(facts.glass)
        return known | sizes(facts.k, self.cells.sizes)

    def answers(self, request: Request) -> list[Answer]:
        """The answer for each datum, its needs still to be put in words. Not for a request that `see` does not see."""
        seen = self.see(request)
        return [self._known(seen, request, one) for one in request.items] if seen else []

    def _answer(self, seen: Seen, request: Request, one: Item) -> Answer:
        answer = self._known(seen, request, one)
        return self._filled(answer, Question(request, one)) if answer.open else answer

    def _known(self, seen: Seen, request: Request, one: Item) -> Answer:
        datum = self.cells.data[one.word]
        others = request.leaves & ~datum.bit & self.cells.told_apart
        cell = self.cells.near[seen.rules & (datum.rules & self.cells.beside[others] if others else datum.alone)]
        known = (seen.known | datum.signals | (_WITHHELD if seen.wishes & datum.withheld else 0)) & cell.mask
        return cell.answers.get(known) or self.learn(cell, known, Question(request, one))

    def learn(self, cell: Cell, known: int, question: Question) -> Answer:
        """Ask the interpreter for the answer of a cell under these signals, and keep it."""
        if len(cell.answers) >= _MOST_ANSWERS:
            cell.answers.clear()
        cell.answers[known] = answer = answer_of(judge(cell.near, question), question)
        return answer

    def _filled(self, answer: Answer, question: Question) -> Answer:
        """The answer with its needs in the words of this request."""
        request = question.request
        key: Named = (request.recipient, request.source, request.other)
        known = answer.filled.get(key)
        if known is None:
            if len(answer.filled) >= _MOST_ANSWERS:
                answer.filled.clear()
            texts = (need_text(literal, question) for literal in answer.open)
            needs = in_need_order(text for text in texts if text)
            known = answer.filled[key] = Answer(answer.outcome, answer.clauses, answer.obligations, needs)
        return known

    def fold(self, answers: tuple[Answer, ...]) -> Answer:
        """The answers of all data as one: the worst counts."""
        if len(answers) == 1:
            return answers[0]
        known = self._folded.get(answers)
        if known is None:
            if len(self._folded) >= MOST_KEYS:
                self._folded.clear()
            whole = fold(self.policy, tuple(one.of("") for one in answers))
            known = self._folded[answers] = Answer(whole.outcome, whole.clauses, whole.obligations, whole.needs)
        return known


def _other(request: Request) -> int:
    """What an aim of its own name adds: its own yes, and its own block."""
    if not request.other:
        return 0
    allowed = BIT["other_here"] if f"other_purpose:{request.other}" in request.choices else 0
    return allowed | (BIT["blocked_purpose"] if f"block_purpose:other.{request.other}" in request.choices else 0)


def glass_signals(glass: Glass) -> int:
    there = BIT["glass:there"] | (BIT["glass:valid"] if glass.valid else 0)
    return there | (BIT["glass:refused"] if glass.refusal_on_record else 0)
