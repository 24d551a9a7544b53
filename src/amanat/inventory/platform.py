"""The platform's own ways in: routes of the portals and duties of the worker. Needs Django set up, and no database."""

from collections.abc import Iterable, Iterator

from amanat.accounts.models import ROLES_OF
from amanat.inventory.doors import opens_custody
from amanat.inventory.telling import act_of
from amanat.policy.interpreter import Policy
from amanat.portals.routes import NAMES_NOBODY, Access, Audience, Route, needs_in
from amanat.portals.table import TABLE
from amanat.statement.inventory import EntryPoint
from amanat.vocabulary.terms import ROLE
from amanat.worker.duties import DUTIES, Duty


def routes_in(policy: Policy, table: Iterable[Route] = TABLE) -> Iterator[EntryPoint]:
    """Each method of each route."""
    for route in table:
        opens = opens_custody(route.view)
        for method, declared in sorted(route.methods.items()):
            yield EntryPoint(
                "route", route.full_name, route.audience.prefix + route.path, method, route.audience.value,
                access=declared.value if isinstance(declared, Access) else "",
                opens_custody=opens, names_nobody=declared in NAMES_NOBODY,
                acts=tuple(act_of(policy, need, _roles(route.audience)) for need in needs_in(declared)),
            )  # fmt: skip


def _roles(audience: Audience) -> tuple[str, ...]:
    """Who signs in to an audience; what a stranger leaves is taken by the site."""
    if audience is Audience.PUBLIC:
        return ("web_system",)
    return tuple(ROLE.cover(ROLE.union(ROLES_OF[audience.value])))


def duties_in(policy: Policy, duties: Iterable[Duty] = DUTIES) -> Iterator[EntryPoint]:
    """Each thing that the worker does unasked."""
    for duty in duties:
        yield EntryPoint(
            "duty", duty.name, _place(duty), audience="worker", access=duty.about_nobody,
            opens_custody=opens_custody(duty.carry_out), names_nobody=bool(duty.about_nobody),
            acts=tuple(act_of(policy, need) for need in duty.needs),
        )  # fmt: skip


def _place(duty: Duty) -> str:
    return f"{duty.carry_out.__module__}:{getattr(duty.carry_out, '__qualname__', duty.name)}"
