"""The whole inventory: of the platform, of Python modules, or of both."""

from collections.abc import Iterable, Sequence

from amanat.inventory.functions import functions_of
from amanat.statement.compile import Statement
from amanat.statement.inventory import FORMAT, EntryPoint, Inventory


def inventory_of_modules(statement: Statement, modules: Iterable[str]) -> Inventory:
    """What the governed functions of these modules do. They are told under the statement that each was given."""
    return Inventory(
        FORMAT, statement.name, statement.version, statement.digest, entry_points=tuple(functions_of(modules))
    )


def inventory_of_platform(
    statement: Statement, commands: Sequence[EntryPoint], modules: Iterable[str] = ()
) -> Inventory:
    """Every way in, and every register. Needs Django set up, and no database."""
    from amanat.inventory import platform, registers  # noqa: PLC0415  # they import models

    policy = statement.policy
    entry_points = (
        *platform.routes_in(policy), *commands, *platform.duties_in(policy), *functions_of(modules)
    )  # fmt: skip
    return Inventory(
        FORMAT, statement.name, statement.version, statement.digest, entry_points,
        choices=tuple(registers.controls(statement, entry_points)),
        measures=registers.MEASURES,
        evidence=registers.EVIDENCE,
        products=tuple(registers.products(entry_points)),
    )  # fmt: skip
