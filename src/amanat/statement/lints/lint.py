"""All lints by code, and one look over a statement: what is wrong, what nobody signed, and what was not looked at.

L02 and L05, and words that no vocabulary knows (L03), are found whenever a statement is compiled, so one that compiled
is free of them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Literal

from amanat.statement.compile import Statement
from amanat.statement.diagnostics import Diagnostic
from amanat.statement.inventory import Inventory
from amanat.statement.lints.approved import changed_since, never_signed
from amanat.statement.lints.law import relaxed_by_doubt
from amanat.statement.lints.lexicon import unspoken
from amanat.statement.lints.look import ENGLISH, Check, Look
from amanat.statement.lints.permits import (
    abroad_without_tool,
    dead_or_redundant,
    sensitive_unguarded,
    told_without_ground,
)
from amanat.statement.lints.promises import unanswered
from amanat.statement.lints.prose import hard_to_read, unruled, vague
from amanat.statement.lints.sources import restates, unmapped
from amanat.statement.lints.translated import differing
from amanat.statement.signing import unsigned

Level = Literal["error", "warning", "error or warning"]


def _nothing(_: Look) -> str:
    return ""


def _english(look: Look) -> str:
    english = look.language.partition("-")[0] == ENGLISH
    return "" if english else f"it knows English, and the statement is in `{look.language}`"


def _inventory(look: Look) -> str:
    return "no inventory was given" if look.inventory is None else ""


def _platform(look: Look) -> str:
    """A list of functions alone tells of ways in, and of nothing else that a house answers for."""
    found = look.inventory
    whole = found is None or found.choices or found.measures or found.evidence or found.products
    return _inventory(look) or ("" if whole else "the inventory lists ways in alone")


def _restating(look: Look) -> str:
    return "" if restates(look) else "no clause names a source"


def _base(look: Look) -> str:
    if not look.translates:
        return "it is no translation"
    return f"the base, {look.translates}, was not given" if look.base is None else ""


@dataclass(frozen=True, slots=True)
class Lint:
    """One lint. `check` is None where compiling finds it; `lacks` says why it cannot look, or nothing."""

    code: str
    says: str
    level: Level
    check: Check | None
    lacks: Callable[[Look], str] = _nothing


def _inventoried(code: str, look: Look) -> Iterable[Diagnostic]:
    return (one for one in look.against_inventory if one.code == code)


LINTS: Final = (
    Lint("L01", "binding words without a rule", "error", unruled, _english),
    Lint("L02", "words of the prose and of the rules that differ", "error", None),
    Lint("L03", "words that no clause speaks of, or no vocabulary knows", "error or warning", unspoken),
    Lint("L04", "promises of the preamble without an answer", "error", unanswered),
    Lint("L05", "rules without the examples they need", "error", None),
    Lint("L06", "dead permits, and redundant ones", "error or warning", dead_or_redundant),
    Lint("L07", "sensitive data without a yes", "error", sensitive_unguarded),
    Lint("L08", "others told without a ground", "error", told_without_ground),
    Lint("L09", "data abroad without a transfer tool", "error", abroad_without_tool),
    Lint("L10", "choices without control, way back or preview", "error", partial(_inventoried, "L10"), _platform),
    Lint("L11", "duties without proof", "error or warning", partial(_inventoried, "L11"), _platform),
    Lint("L12", "measures without control or check", "error", partial(_inventoried, "L12"), _platform),
    Lint("L13", "ways in that no clause allows", "error", partial(_inventoried, "L13"), _inventory),
    Lint("L14", "fields outside the catalogue", "error or warning", partial(_inventoried, "L14"), _platform),
    Lint("L15", "signatures that no longer hold", "error", changed_since),
    Lint("L16", "translations that say something else", "error", differing, _base),
    Lint("L17", "clauses without a source, and sources without a clause", "error", unmapped, _restating),
    Lint("L18", "doubtful law that relaxes something", "error", relaxed_by_doubt),
    Lint("L19", "vague words in a clause that rules", "warning", vague, _english),
    Lint("L20", "hard reading", "warning", hard_to_read, _english),
)


@dataclass(frozen=True, slots=True)
class Report:
    """`unsigned` are clauses that nobody signed as they stand; `unchecked` says of a code why it was not looked at."""

    findings: tuple[Diagnostic, ...]
    unsigned: tuple[str, ...] = ()
    unchecked: Mapping[str, str] = field(default_factory=dict)

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(one for one in self.findings if one.level == "error")


def lint(
    statement: Statement, inventory: Inventory | None = None, base: Statement | None = None, *, strict: bool = False
) -> Report:
    """Look a statement over. `inventory` tells what a system does; `base` is the statement that this one translates.

    `strict` is how publication looks: a clause that nobody signed, or a translation without its base, is an error.
    """
    look = Look(statement, inventory, base)
    unchecked = {one.code: why for one in LINTS if (why := one.lacks(look))}
    checks = [one.check for one in LINTS if one.check and one.code not in unchecked]
    found = [finding for check in checks for finding in check(look)]
    if strict:
        found += [*never_signed(look), *_held_against_nothing(look)]
    return Report(tuple(sorted(found, key=lambda one: one.place)), unsigned(statement), unchecked)


def _held_against_nothing(look: Look) -> list[Diagnostic]:
    if not look.translates or look.base is not None:
        return []
    message = f"it translates {look.translates}, which was not given to hold it against"
    return [Diagnostic(look.header_line("translates").number, "", "L16", message, "name the base: `--base FILE`")]


def publishable(statement: Statement, inventory: Inventory | None = None, base: Statement | None = None) -> bool:
    """Whether the statement may be published: every clause signed as it stands, and no error found."""
    return not lint(statement, inventory, base, strict=True).errors
