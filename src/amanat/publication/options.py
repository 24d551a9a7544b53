"""Everything a visitor can choose in a question: the whole vocabulary, by group, as (value, label)."""

from functools import lru_cache
from typing import Any, Final

from amanat.publication.questions import ANOTHER_AIM, HOLDING, SITUATIONS
from amanat.statement import words
from amanat.statement.words import ENGLISH
from amanat.vocabulary.choices import OPT_INS, OPT_OUTS
from amanat.vocabulary.terms import ACTION, CATEGORY, CHANNEL, FIELD_LEAF, PURPOSE, RECIPIENT, RELATION, ROLE, Axis

Options = list[tuple[str, list[tuple[str, str]]]]


@lru_cache
def vocabulary(spoken: str = ENGLISH) -> dict[str, Any]:
    """Everything that can be chosen: for each axis its words by group, as (value, label in the language `spoken`)."""

    def label(kind: str, word: str) -> str:
        return words.label(kind, word, spoken)

    def grouped(axis: Axis, kind: str, groups: tuple[str, ...]) -> Options:
        return [(label(kind, group), [(leaf, label(kind, leaf)) for leaf in axis.groups[group]]) for group in groups]

    return {
        "who": grouped(ROLE, "role", ("person", "staff.care", "staff.assistance", "staff.security", "staff.site",
                                       "staff.oversight", "others")),
        "do": [("", [(leaf, label("action", leaf)) for leaf in ACTION.leaves])],
        "data": _data(spoken),
        "to": grouped(RECIPIENT, "recipient", ("subject", "group", "local_clinician", "provider", "payer", "client",
                                                "peer", "authority")),
        "for": [*grouped(PURPOSE, "purpose", ("medical_assistance", "security_assistance", "travel_support",
                                               "prevention_advice", "service_management", "contact", "legal",
                                               "security_ops", "web", "outreach", "statistics")),
                (label("purpose", "other"), [(ANOTHER_AIM, label("purpose", "other"))])],
        "in": [("", [(leaf, label("context", leaf)) for leaf in SITUATIONS])],
        "via": grouped(CHANNEL, "channel", ("online", "assisted", "feed")),
        "of": [("", [(leaf, label("relation", leaf)) for leaf in RELATION.leaves])],
        "yes": [(kind.value, label("choice", kind.value)) for kind in sorted(OPT_INS, key=_by_value)],
        "no": [(kind.value, label("choice", kind.value)) for kind in sorted(OPT_OUTS, key=_by_value)],
        "holds": [(fact, label("condition", fact)) for fact in HOLDING],
    }  # fmt: skip


def _by_value(kind: Any) -> str:
    return str(kind.value)


_DATA_GROUPS: Final = (
    "identity", "contact", "family", "work", "cover", "travel", "case", "ordinary.order", "web", "preference",
    "feedback", "medical", "medical_derived", "sensitive_other", "nonpersonal", "pseudonymous",
)  # fmt: skip


def _data(spoken: str) -> Options:
    """Leaves and the fields in them, field after leaf."""
    return [
        (words.label("data", group, spoken), [
            (word, words.label("data", word, spoken))
            for leaf in CATEGORY.groups[group]
            for word in (leaf, *(name for name, home in FIELD_LEAF.items() if home == leaf))
        ])
        for group in _DATA_GROUPS
    ]  # fmt: skip
