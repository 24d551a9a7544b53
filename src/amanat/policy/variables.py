"""What a request leaves open once its words are chosen: a few variables, each with the values it can have."""

from itertools import combinations
from typing import Final

from amanat.policy.expressions import Variable
from amanat.policy.signals import BIT, NAMES, bits
from amanat.vocabulary.terms import CONTEXT


def _ages_in_context() -> Variable:
    """Every set of contexts with every knowledge of age: none, minor, adult. No context but `minor` may stand alone."""
    base = [CONTEXT.bit[one] for one in CONTEXT.leaves if one not in ("minor", "same_country", "cross_border")]
    sets = [sum(some) for number in range(1, len(base) + 1) for some in combinations(base, number)]
    ages = (0, CONTEXT.bit["minor"], BIT["adult"])
    return Variable((*((some | age, 1) for some in sets for age in ages), (CONTEXT.bit["minor"], 1)))


def _one_of(*names: str) -> Variable:
    return Variable(((0, 1), *((BIT[name], 1) for name in names)))


AGES_IN_CONTEXT: Final = _ages_in_context()
COUNTRIES: Final = Variable(
    tuple((CONTEXT.bit["same_country"] | company | person, 1)
          for company in (0, BIT["company_law"]) for person in (0, BIT["person_law"]))
)  # fmt: skip
# Of one country, both laws are known or neither.
BORDERS: Final = Variable((
    (CONTEXT.bit["same_country"], 1),
    (CONTEXT.bit["same_country"] | bits("company_law", "person_law"), 1),
    *((CONTEXT.bit["cross_border"] | company | person, 1)
      for company in (0, BIT["company_law"]) for person in (0, BIT["person_law"])),
))  # fmt: skip
TOOLS: Final = _one_of(*(name for name in NAMES if name.startswith("tool:")))
IDENTITIES: Final = _one_of("identity:claimed", "identity:proven")
GLASSES: Final = Variable((
    (0, 1), (BIT["glass:there"], 1), (bits("glass:there", "glass:refused"), 1), (bits("glass:there", "glass:valid"), 1),
))  # fmt: skip
GROUPED: Final = (
    AGES_IN_CONTEXT.signals | BORDERS.signals | TOOLS.signals | IDENTITIES.signals | GLASSES.signals
)  # fmt: skip


def switch(signal: int) -> Variable:
    """A signal that is there or not."""
    return Variable(((0, 1), (signal, 1)))
