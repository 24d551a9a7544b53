"""The quick reader: the interpreter's judgements, each made once and then remembered.

What is said of a datum follows from three things alone: the rules near it, which of their conditions hold (as things
are, if the person agreed, if the glass were broken), and whether the request is addressed and its actor in reach. The
reader works these out, looks them up, and asks the interpreter only when it meets a combination for the first time.
"""

from dataclasses import dataclass, field

from amanat.policy.decision import Decision, Verdict
from amanat.policy.interpreter import Judgement, Policy, addressed, decide, fold, hopes, in_reach, judge
from amanat.policy.literals import Question, holds
from amanat.policy.near import Near
from amanat.policy.request import Request
from amanat.policy.rule import Literal, Rule

_MOST_CELLS = 20_000
_MOST_ANSWERS = 2_000
# The only conditions that an assumption about consents or about the glass can change.
_HOPED = ("consent", "glass")

_Key = tuple[bool, tuple[bool, ...], tuple[bool, ...]]


@dataclass(frozen=True, slots=True)
class _Cell:
    """The rules near some datum, the conditions they name, and what was judged under which of them holding."""

    near: Near
    literals: tuple[Literal, ...]
    hoped: tuple[Literal, ...]
    answers: dict[_Key, Judgement] = field(default_factory=dict)


class Reader:
    """Decides under one policy, as `interpreter.decide` does."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._cells: dict[int, _Cell] = {}

    def decide(self, request: Request) -> Decision:
        if request.host == "foreign" or not request.items:
            return decide(self.policy, request)
        return fold(self.policy, tuple(self._verdict(Question(request, one)) for one in request.items))

    def _verdict(self, question: Question) -> Verdict:
        bits = self.policy.index.bits(question)
        cell = self._cells.get(bits) or self._open(bits, question)
        key = _key(cell, question)
        known = cell.answers.get(key)
        if known is None:
            if len(cell.answers) >= _MOST_ANSWERS:
                cell.answers.clear()
            known = cell.answers[key] = judge(cell.near, question)
        return known.of(question)

    def _open(self, bits: int, question: Question) -> _Cell:
        if len(self._cells) >= _MOST_CELLS:
            self._cells.clear()
        near = self.policy.near(question)
        literals = tuple(dict.fromkeys(literal for rule in _rules(near) for literal in _named_by(rule)))
        self._cells[bits] = cell = _Cell(near, literals, tuple(one for one in literals if one.atom in _HOPED))
        return cell


def _key(cell: _Cell, question: Question) -> _Key:
    request = question.request
    reached = addressed(request) and all(in_reach(rule, request) for rule in cell.near.reaches)
    now = tuple([holds(literal, question) for literal in cell.literals])
    if not cell.hoped:
        return (reached, now, ())
    return (reached, now, tuple([holds(one, hope) for _, hope in hopes(cell.near, question) for one in cell.hoped]))


def _rules(near: Near) -> tuple[Rule, ...]:
    return (*near.forbids, *near.controls, *near.permits, *near.requires, *near.choices)


def _named_by(rule: Rule) -> list[Literal]:
    return [literal for condition in (rule.when, rule.need, rule.unless) for way in condition for literal in way]
