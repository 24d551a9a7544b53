"""The words that begin a line of a rule, shared by those who read rules and those who print them."""

from collections.abc import Mapping
from typing import Final

from amanat.vocabulary.terms import ACTION, CATEGORY, CHANNEL, CONTEXT, PURPOSE, RECIPIENT, RELATION, ROLE, Axis

# Key → the box field and axis it fills.
AXES: Final[Mapping[str, tuple[str, Axis]]] = {
    "who": ("actors", ROLE),
    "do": ("actions", ACTION),
    "data": ("leaves", CATEGORY),
    "beside": ("beside", CATEGORY),
    "to": ("recipients", RECIPIENT),
    "from": ("sources", RECIPIENT),
    "for": ("purposes", PURPOSE),
    "ch": ("channels", CHANNEL),
    "ctx": ("contexts", CONTEXT),
    "of": ("relations", RELATION),
}
# Key → the condition of the rule that it begins.
CONDITIONS: Final[Mapping[str, str]] = {"if": "when", "need": "need", "unless": "unless"}

# Bounds of one condition: so many alternatives, each of so many facts.
MAX_WAYS: Final = 64
MAX_FACTS: Final = 64
