"""The rule model: what a compiled clause is. Readers (interpreter, deciders, exporters) share these values.

A rule is a list of boxes times conditions. A box is a value set on each axis (an integer of leaf bits); a condition is
a disjunction of conjunctions of literals over named facts. Rules are frozen, hold no order and no code.
"""

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from amanat.vocabulary.clauses import clause_order, section_of
from amanat.vocabulary.terms import ACTION, CATEGORY, CHANNEL, CONTEXT, PURPOSE, RECIPIENT, RELATION, ROLE


class RuleKind(enum.Enum):
    """How a rule takes part in a decision.

    `PERMIT` lets through what matches; `FORBID` stops it; `REQUIRE` must hold for whatever a permit let through;
    `CONTROL` is a requirement on the platform itself, named only when it fails; `REACH` says which roles may
    touch a category at all; `CHOICE` subtracts what the person blocked.
    """

    PERMIT = "permit"
    FORBID = "forbid"
    REQUIRE = "require"
    CONTROL = "control"
    REACH = "reach"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Literal:
    """One fact that must hold, or with `wanted=False` must not. `cites` names the clause to blame for a miss."""

    atom: str
    parameter: str = ""
    wanted: bool = True
    cites: str = ""

    def __str__(self) -> str:
        text = f"{self.atom} {self.parameter}".strip()
        return text if self.wanted else f"not {text}"


Conjunction = tuple[Literal, ...]
# A disjunction of conjunctions; the empty disjunction never holds, `ALWAYS` always does.
Condition = tuple[Conjunction, ...]
ALWAYS: Condition = ((),)
NEVER: Condition = ()


@dataclass(frozen=True, slots=True)
class Box:
    """A product of value sets, one per axis. `fields`, if given, narrows the leaves to those named words.

    `beside` asks that the request also name one of these leaves; 0 asks nothing. Recipients are tested for disclose
    and transfer, sources for receive, channels for collect and receive, and only if the rule names that axis.
    """

    actors: int = ROLE.everything
    actions: int = ACTION.everything
    leaves: int = CATEGORY.everything
    fields: frozenset[str] | None = None
    recipients: int = RECIPIENT.everything
    sources: int = RECIPIENT.everything
    purposes: int = PURPOSE.everything
    channels: int = CHANNEL.everything
    contexts: int = CONTEXT.everything
    relations: int = RELATION.everything
    beside: int = 0


@dataclass(frozen=True, slots=True)
class Obligation:
    """A duty that comes with an answer; `parameter` is its text (`72h`, `10`), empty for none."""

    name: str
    parameter: str = ""

    def __str__(self) -> str:
        return f"{self.name}({self.parameter})" if self.parameter else self.name


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled rule of one clause.

    `when` says when it applies; `need` what a requirement asks; `unless` what lifts a prohibition; `then` which
    obligations follow (on a permit from permits and requirements, on a refusal from prohibitions).
    """

    id: str
    kind: RuleKind
    box: Box
    when: Condition = ALWAYS
    need: Condition = ALWAYS
    unless: Condition = NEVER
    then: tuple[Obligation, ...] = ()
    line: int = 0
    section: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "section", section_of(self.id) or self.id)


def in_clause_order(sections: Iterable[str]) -> tuple[str, ...]:
    return _ordered(frozenset(sections))


@lru_cache(maxsize=4096)
def _ordered(sections: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(sections, key=clause_order))
