"""What a clause declares beside its rules: a duty, a right, what words mean, what a choice changes.

Declarations take no part in a decision. Clocks, desks, previews and reviews read them, and the anchor lock holds their
words to the prose as it holds those of rules.
"""

from dataclasses import dataclass
from typing import Literal as OneOf

from amanat.policy.rule import ALWAYS, Condition
from amanat.vocabulary.clauses import section_of

Operand = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Declared:
    """What all declarations have: an id, the clause under which it stands, and its line in the file."""

    id: str
    clause: str
    line: int

    @property
    def section(self) -> str:
        """The clause id that people are shown."""
        return section_of(self.id) or self.id


@dataclass(frozen=True, slots=True)
class Duty(Declared):
    """Somebody must do what the clause says, `within` a time, for every `event`; `evidence` shows that it was done."""

    owner: str = ""
    event: str = ""
    within: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Right(Declared):
    """A person may have something done with data about them, if what is needed holds, `within` a time."""

    who: tuple[str, ...] = ()
    do: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    need: Condition = ALWAYS
    within: str = ""


@dataclass(frozen=True, slots=True)
class Definition(Declared):
    """The clause explains these words, written as anchors write them: `(kind, term)`."""

    terms: tuple[Operand, ...] = ()


@dataclass(frozen=True, slots=True)
class Consequence(Declared):
    """What becomes of the services when a choice is given, or withdrawn."""

    act: OneOf["give", "withdraw", ""] = ""
    choice: str = ""
    stops: tuple[str, ...] = ()
    degrades: tuple[str, ...] = ()
    continues: tuple[str, ...] = ()


Declaration = Duty | Right | Definition | Consequence
