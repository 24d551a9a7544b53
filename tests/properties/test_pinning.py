"""Nobody is moved under a wider statement: what an older one refused stays refused, whatever else changed."""

import random
from dataclasses import replace

import pytest

from amanat.policy.decider import Decider
from amanat.policy.decision import Decision
from amanat.policy.interpreter import Policy
from amanat.policy.pinning import Requests, Stale, decide_as_given
from amanat.policy.request import Request
from amanat.policy.rule import Rule, RuleKind
from amanat.policy.widening import widened
from amanat.statement.compile import load_statement
from stage.draws import draw_requests, seeded

NUMBER = 1_500
PAIRS = [("ama", "ama-1.1"), ("ama-1.1", "ama"), ("ama-v0", "ama"), ("ama", "ama-v0")]


class Under:
    """Decides under several policies by digest, as custody does."""

    def __init__(self, *names: str) -> None:
        policies = [load_statement(name).policy for name in names]
        self.digests = [one.digest for one in policies]
        self.deciders = {one.digest: Decider(one) for one in policies}

    def __call__(self, digest: str, requests: Requests) -> Decision:
        (request,) = requests
        return self.deciders[digest].decide(request)


def drawn(name: str, seed: int) -> list[Request]:
    return [one for one in draw_requests(load_statement(name).policy, seed, NUMBER) if one.items]


def unchosen(request: Request) -> Request:
    return replace(request, choices=request.opt_outs)


@pytest.mark.clause("V.1")
@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_with_nothing_newer_a_datum_passes_only_if_both_let_it(old: str, new: str) -> None:
    under = Under(old, new)
    given, in_force = under.digests
    for request in drawn(new, 41):
        asked = (request,)
        decision = decide_as_given(under, in_force, asked, (Stale(given, asked),))
        both = set(under(given, asked).permitted) & set(under(in_force, asked).permitted)
        assert set(decision.permitted) == both, request
        assert decision.digest in under.digests


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_what_nobody_would_widen_is_decided_by_the_statement_in_force_alone(old: str, new: str) -> None:
    under = Under(old, new)
    given, in_force = under.digests
    for request in drawn(new, 42):
        asked = (request,)
        now = under(in_force, asked)
        if set(now.permitted) <= set(under(given, asked).permitted):
            assert decide_as_given(under, in_force, asked, (Stale(given, asked),)) == now


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_an_answer_opens_no_more_than_the_statement_in_force_does(old: str, new: str) -> None:
    """Whatever was agreed to when: never more than now, never less than both."""
    under = Under(old, new)
    given, in_force = under.digests
    for request in drawn(new, 43):
        asked, bare = (request,), (unchosen(request),)
        now, both = under(in_force, asked), set(under(given, asked).permitted)
        for stale in (Stale(given, bare), Stale(given, asked, bare), Stale(given, bare, bare)):
            passed = set(decide_as_given(under, in_force, asked, (stale,)).permitted)
            assert set(now.permitted) & both <= passed <= set(now.permitted), request


def test_where_no_clause_is_widened_no_request_is() -> None:
    """Random changes to the rules: whenever `widened` finds nothing, nothing more is permitted."""
    draw, ama = seeded(44), load_statement("ama").policy
    requests = draw_requests(ama, 45, 400)
    before = [set(one.permitted) for one in map(Decider(ama).decide, requests)]
    told = 0
    for _ in range(60):
        changed = replace(ama, rules=tuple(_changed(ama.rules, draw)), digest="changed")
        wider = widened(ama, changed)
        told += not wider
        decide = Decider(changed).decide
        for request, earlier in zip(requests, before, strict=True):
            assert wider or set(decide(request).permitted) <= earlier, request
    assert told > 10, "a test of nothing"


def _changed(rules: tuple[Rule, ...], draw: random.Random) -> list[Rule]:
    """Three rules changed: left out, put on another kind's side, or with a box or a condition of another rule."""
    listed = list(rules)
    for _ in range(3):
        place = draw.randrange(len(listed))
        rule, other = listed[place], draw.choice(rules)
        way = draw.randrange(5)
        if way == 0 and rule.kind is RuleKind.PERMIT:
            del listed[place]
        elif way == 1:
            listed[place] = replace(rule, when=other.when)
        elif way == 2:
            listed[place] = replace(rule, box=replace(rule.box, leaves=rule.box.leaves & other.box.leaves))
        elif way == 3:
            listed.append(replace(other, kind=RuleKind.FORBID))
        else:
            listed[place] = replace(rule, need=other.need, unless=other.unless)
    return listed


def test_a_statement_widens_nothing_against_itself_and_everything_against_nothing() -> None:
    ama = load_statement("ama").policy
    empty = Policy((), "0", "empty")
    assert widened(ama, ama) == frozenset()
    permits = {rule.section for rule in ama.rules if rule.kind is RuleKind.PERMIT}
    assert widened(empty, ama) == permits
    assert widened(ama, empty) == {rule.section for rule in ama.rules if rule.kind is not RuleKind.PERMIT}
