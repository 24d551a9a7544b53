"""From a declared need to the act that the inventory tells, with the clauses that could permit each datum."""

from dataclasses import replace

from amanat.policy.interpreter import Policy
from amanat.policy.possible import could_permit
from amanat.statement.inventory import Act, Permitted
from amanat.vocabulary.needs import Need, faults_of
from amanat.vocabulary.terms import ROOT_VERB


def act_of(policy: Policy, need: Need, roles: tuple[str, ...] = ()) -> Act:
    """The act that a need is. `roles` say who can come this way, where the need does not say it more closely."""
    meant = replace(need, roles=need.roles or roles)
    clauses = {} if [*faults_of(meant)] else {one.word: one.clauses for one in could_permit(policy, meant)}
    return Act(
        ROOT_VERB.get(need.action, ""), need.action, need.purpose,
        tuple(Permitted(word, clauses.get(word, ())) for word in need.categories),
        meant.roles, need.recipients, need.sources, need.channels, need.duty,
    )  # fmt: skip
