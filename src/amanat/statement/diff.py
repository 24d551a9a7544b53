"""What changes from one version of a statement to the next, clause by clause: in meaning, in time, in words.

Meaning is compared by `policy.difference`, over all requests; deadlines and declarations by value; words by text. So a
new sentence over the same rule is `reworded`, and a new rule that says the same is `rewritten`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from amanat.policy.difference import Change, Shift, compare
from amanat.policy.rule import Obligation, in_clause_order
from amanat.statement.compile import Statement
from amanat.statement.declarations import Declaration, Duty, Right
from amanat.statement.document import Section


@dataclass(frozen=True, slots=True)
class Moved:
    """A deadline that changed: of what, from, to (`90d`; empty for none)."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ClauseDiff:
    """One clause that is not the same in both versions. `looser`, `stricter`: for data side by side, at most."""

    clause: str
    title: str
    widened: Shift | None = None
    narrowed: Shift | None = None
    looser: bool = False
    stricter: bool = False
    duties_added: tuple[Obligation, ...] = ()
    duties_dropped: tuple[Obligation, ...] = ()
    moved: tuple[Moved, ...] = ()
    added: bool = False
    removed: bool = False
    reworded: bool = False
    rewritten: bool = False
    declared: bool = False

    @property
    def kinds(self) -> tuple[str, ...]:
        """What happened to the clause, weightiest first."""
        told = {
            "widened": self.widened or self.looser, "narrowed": self.narrowed or self.stricter,
            "obligation added": self.duties_added, "obligation dropped": self.duties_dropped, "moved": self.moved,
            "added": self.added, "removed": self.removed, "declared otherwise": self.declared,
            "rewritten": self.rewritten, "reworded": self.reworded,
        }  # fmt: skip
        return tuple(kind for kind, happened in told.items() if happened)

    @property
    def is_wording(self) -> bool:
        """Whether the clause says the same as before, however it is written."""
        return {*self.kinds} <= {"rewritten", "reworded"}


def diff(old: Statement, new: Statement) -> list[ClauseDiff]:
    """Every clause that changed, in clause order."""
    changes = {one.clause: one for one in compare(old.policy, new.policy)}
    found = (_clause(old, new, clause, changes.get(clause)) for clause in _clauses(old, new, changes))
    return [one for one in found if one.kinds]


def _clauses(old: Statement, new: Statement, changes: dict[str, Change]) -> tuple[str, ...]:
    """Headings of both, and clauses whose rules stand under the heading of another number."""
    return in_clause_order({*(one.id for one in (*old.sections, *new.sections)), *changes})


def _clause(old: Statement, new: Statement, clause: str, change: Change | None) -> ClauseDiff:
    before, after = (next((one for one in which.sections if one.id == clause), None) for which in (old, new))
    heading = after or before or new.section(clause) or old.section(clause)
    moved = _moved_duties(change) + _moved_clocks(old.declared(clause), new.declared(clause))
    told = {one.what for one in moved}
    return ClauseDiff(
        clause, heading.title if heading else "",
        widened=change.widened if change else None,
        narrowed=change.narrowed if change else None,
        looser=change is not None and change.looser,
        stricter=change is not None and change.stricter,
        duties_added=tuple(one for one in change.duties_added if one.name not in told) if change else (),
        duties_dropped=tuple(one for one in change.duties_dropped if one.name not in told) if change else (),
        moved=moved,
        added=before is None and after is not None,
        removed=after is None and before is not None,
        reworded=before is not None and after is not None and _words(before) != _words(after),
        rewritten=change is not None and change.is_silent,
        declared=not moved and _plain(old.declared(clause)) != _plain(new.declared(clause)),
    )  # fmt: skip


def _words(section: Section) -> tuple[str, str]:
    return section.title, section.text


def _plain(declared: Iterable[Declaration]) -> list[Declaration]:
    """Declarations without where they were written."""
    return [replace(one, line=0) for one in declared]


def _moved_duties(change: Change | None) -> tuple[Moved, ...]:
    """Obligations of the same name that got another time or measure."""
    if change is None:
        return ()
    before = {one.name: one.parameter for one in change.duties_dropped}
    return tuple(
        Moved(one.name, before[one.name], one.parameter) for one in change.duties_added if one.name in before
    )  # fmt: skip


def _moved_clocks(before: Iterable[Declaration], after: Iterable[Declaration]) -> tuple[Moved, ...]:
    """Duties and rights of the same id that got another deadline, and nothing else."""
    known = {one.id: one for one in before if isinstance(one, Duty | Right)}
    return tuple(
        Moved(_about(one), known[one.id].within, one.within)
        for one in after
        if isinstance(one, Duty | Right) and one.id in known and known[one.id].within != one.within
    )


def _about(one: Duty | Right) -> str:
    return one.event if isinstance(one, Duty) else one.id
