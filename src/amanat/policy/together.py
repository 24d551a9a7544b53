"""Deciding one thing under several requests at once: each datum needs the yes of all of them.

A desk abroad that looks at a member's record both views and receives it: the view and the transfer must be permitted.
"""

from collections.abc import Sequence
from dataclasses import replace

from amanat.policy.decider import Decider
from amanat.policy.decision import Decision, Outcome, Verdict
from amanat.policy.interpreter import Policy, fold, unite
from amanat.policy.request import Request
from amanat.policy.rule import in_clause_order
from amanat.vocabulary.clauses import overlay_order


def decide_together(decider: Decider, requests: tuple[Request, ...]) -> Decision:
    """The worst verdict per datum; a permit cites the clauses of every request it needed."""
    return together(decider.policy, [decider.decide(request) for request in requests])


def together(policy: Policy, decisions: Sequence[Decision]) -> Decision:
    """The decisions on the same data as one, under the name of `policy`."""
    if len(decisions) == 1:
        return decisions[0]
    columns = zip(*(decision.verdicts for decision in decisions), strict=True)
    overlays = {one for decision in decisions for one in decision.overlays}
    told = tuple(sorted(overlays, key=lambda one: overlay_order(one[0])))
    return replace(fold(policy, tuple(_worst(verdicts) for verdicts in columns)), overlays=told)


def _worst(verdicts: tuple[Verdict, ...]) -> Verdict:
    outcome = min((one.outcome for one in verdicts), key=lambda one: one.rank)
    told = [one for one in verdicts if one.outcome is outcome]
    return Verdict(
        verdicts[0].word,
        outcome,
        in_clause_order(clause for one in told for clause in one.clauses),
        unite(duty for one in told for duty in one.obligations),
        () if outcome is Outcome.PERMIT else tuple(dict.fromkeys(need for one in told for need in one.needs)),
    )
