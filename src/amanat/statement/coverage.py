"""Does the system do what the statement says, and nothing else? The lints L10 to L14, over statement and inventory.

Each finding names the clause it belongs to where there is one. Clauses are asked of the statement at hand, so one
inventory can be held against a new version before it is published.
"""

from collections.abc import Iterator
from typing import Final

from amanat.policy.possible import could_permit
from amanat.statement.compile import Statement
from amanat.statement.declarations import Duty
from amanat.statement.diagnostics import Diagnostic
from amanat.statement.inventory import Act, EntryPoint, Inventory
from amanat.vocabulary.choices import ChoiceKind
from amanat.vocabulary.needs import faults_of
from amanat.vocabulary.terms import CATEGORY, FIELD_LEAF

# The clauses of part 9 that promise a measure and not a rule.
MEASURES: Final = ("9.1", "9.3a", "9.3b", "9.3c", "9.3d", "9.3e", "9.4")


def uncovered(statement: Statement, inventory: Inventory) -> list[Diagnostic]:
    """Every finding, in the order of the codes."""
    return [
        *_choices(statement, inventory),
        *_duties(statement, inventory),
        *_measures(statement, inventory),
        *uncovered_entry_points(statement, inventory),
        *_fields(inventory),
    ]


def _found(statement: Statement, code: str, clause: str, message: str, hint: str, level: str = "error") -> Diagnostic:
    section = statement.section(clause) if clause else None
    return Diagnostic(section.line if section else 1, clause, code, message, hint, level)


def _choices(statement: Statement, inventory: Inventory) -> Iterator[Diagnostic]:
    """L10: each choice can be made, taken back, and is told what follows."""
    listed = {one.choice: one for one in inventory.choices}
    for kind in ChoiceKind:
        one = listed.get(kind.value)
        if one is None:
            yield _found(statement, "L10", "", f"choice `{kind.value}` stands in no register of controls", "list it")
            continue
        lacks = {
            "no control by which it is given": one.asked_for and not one.given,
            "no way to take it back": not one.withdrawn,
            "no entry that says what follows from it": not one.foretold,
        }
        for what in (what for what, missing in lacks.items() if missing):
            yield _found(statement, "L10", "", f"choice `{kind.value}` has {what}", "add it to the pages, or drop it")


def _duties(statement: Statement, inventory: Inventory) -> Iterator[Diagnostic]:
    """L11: each duty has an owner, a clock and evidence, and the evidence is kept somewhere."""
    kept = {one.name for one in inventory.evidence}
    for duty in (one for one in statement.declarations if isinstance(one, Duty)):
        lacks = {"owner": not duty.owner, "clock (`within`)": not duty.within, "evidence": not duty.evidence}
        for what in (what for what, missing in lacks.items() if missing):
            yield _found(statement, "L11", duty.section, f"duty `{duty.id}` has no {what}", "name it in the duty")
        for name in (name for name in duty.evidence if name not in kept):
            message = f"the evidence `{name}` of duty `{duty.id}` is kept nowhere yet"
            yield _found(statement, "L11", duty.section, message, "say in the inventory where it is seen", "warning")


def _measures(statement: Statement, inventory: Inventory) -> Iterator[Diagnostic]:
    """L12: each measure of part 9 has a control that does it and a check that shows it."""
    kept = {one.clause: one for one in inventory.measures}
    for clause in (clause for clause in MEASURES if statement.section(clause)):
        one = kept.get(clause)
        for what, there in (("control", one and one.control), ("check", one and one.check)):
            if not there:
                yield _found(statement, "L12", clause, f"the measure of {clause} has no {what}", f"name its {what}")


def uncovered_entry_points(statement: Statement, inventory: Inventory) -> Iterator[Diagnostic]:
    """L13: what touches personal data says so, in known words, and some clause could permit it."""
    declared = {(one.kind, one.name) for one in inventory.entry_points if one.acts}
    for one in inventory.entry_points:
        if one.fault:
            yield _found(statement, "L13", "", f"{_name(one)} cannot be read: {one.fault}", "mend what it declares")
        if one.opens_custody and not one.names_nobody and (one.kind, one.name) not in declared:
            message = f"{_name(one)} touches personal data and declares no action"
            yield _found(statement, "L13", "", message, "declare action, data and purpose")
        for act in one.acts:
            yield from _act(statement, one, act)


def _act(statement: Statement, one: EntryPoint, act: Act) -> Iterator[Diagnostic]:
    faults = list(faults_of(act.need))
    for fault in faults:
        yield _found(statement, "L13", "", f"{_name(one)} declares {act.need}: {fault}", "use the vocabulary's words")
    if faults or _is_duty(statement, act):
        return
    for chance in could_permit(statement.policy, act.need):
        if not chance.clauses:
            message = f"{_name(one)} declares {act.need}, but no clause could permit `{chance.word}`"
            yield _found(statement, "L13", "", message, "drop it, or write the clause that allows it")


def _is_duty(statement: Statement, act: Act) -> bool:
    """An erasing that carries out a duty needs no permit; the clause must declare that duty."""
    return any(isinstance(one, Duty) and one.section == act.duty for one in statement.declarations)


def _name(one: EntryPoint) -> str:
    return " ".join(part for part in (one.kind, f"`{one.name}`", one.method) if part)


def _fields(inventory: Inventory) -> Iterator[Diagnostic]:
    """L14: each field of a product is in the catalogue of data, and each leaf of the catalogue in some product."""
    used: set[str] = set()
    for product in inventory.products:
        for word in product.fields:
            leaf = FIELD_LEAF.get(word, word)
            used.add(leaf)
            if leaf not in CATEGORY.bit:
                message = f"field `{word}` of product `{product.name}` is not in the catalogue of data"
                yield Diagnostic(1, "", "L14", message, "name a leaf or a field of the vocabulary")
    for leaf in (leaf for leaf in CATEGORY.leaves if leaf not in used):
        yield Diagnostic(1, "", "L14", f"no product asks for `{leaf}`", "drop it, or name its product", "warning")
