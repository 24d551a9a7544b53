"""A rule while it is being read: its meaning so far, and what was written, for the locks that compare it with prose."""

from dataclasses import dataclass, field

from amanat.policy.rule import Rule


@dataclass(slots=True)
class RuleDraft:
    """`operands` are the `(kind, term)` pairs of the anchor lock; `keys` the line keys met so far."""

    rule: Rule
    by_default: bool = False
    operands: set[tuple[str, str]] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    condition: str = ""
