"""A rule while it is being read: its meaning so far, and what was written, for the locks that compare it with prose."""

from collections.abc import Hashable
from dataclasses import dataclass, field

from amanat.policy.rule import Rule
from amanat.statement.document import Line

# The place of the line with a rule's kind and id.
HEAD = ""


@dataclass(slots=True)
class RuleDraft:
    """`operands` are the `(kind, term)` pairs of the anchor lock; `keys` the line keys met so far.

    `places` tells on which line a key or an operand stands, and the head of the rule under `HEAD`.
    """

    rule: Rule
    by_default: bool = False
    operands: set[tuple[str, str]] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    condition: str = ""
    places: dict[Hashable, Line] = field(default_factory=dict)

    def place(self, what: Hashable) -> Line:
        """The line on which a key or an operand stands; the head if it is written nowhere."""
        return self.places.get(what) or self.places.get(HEAD) or Line(self.rule.line, "")
