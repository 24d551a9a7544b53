"""Everything a visitor can choose in a question: the whole vocabulary, by group, as (value, label)."""

from typing import Any, Final

from amanat.publication.questions import ANOTHER_AIM, HOLDING, SITUATIONS
from amanat.statement import words
from amanat.vocabulary.choices import OPT_INS, OPT_OUTS
from amanat.vocabulary.terms import ACTION, CATEGORY, CHANNEL, FIELD_LEAF, PURPOSE, RECIPIENT, RELATION, ROLE, Axis

Options = list[tuple[str, list[tuple[str, str]]]]


def vocabulary() -> dict[str, Any]:
    """Everything that can be chosen: for each axis its words by group, as (value, label)."""
    return {
        "who": _grouped(ROLE, "role", ("person", "staff.care", "staff.assistance", "staff.security", "staff.site",
                                       "staff.oversight", "others")),
        "do": [("", [(leaf, words.label("action", leaf)) for leaf in ACTION.leaves])],
        "data": _data(),
        "to": _grouped(RECIPIENT, "recipient", ("subject", "group", "local_clinician", "provider", "payer", "client",
                                                "peer", "authority")),
        "for": [*_grouped(PURPOSE, "purpose", ("medical_assistance", "security_assistance", "travel_support",
                                               "prevention_advice", "service_management", "contact", "legal",
                                               "security_ops", "web", "outreach", "statistics")),
                (words.label("purpose", "other"), [(ANOTHER_AIM, words.label("purpose", "other"))])],
        "in": [("", [(leaf, words.label("context", leaf)) for leaf in SITUATIONS])],
        "via": _grouped(CHANNEL, "channel", ("online", "assisted", "feed")),
        "of": [("", [(leaf, words.label("relation", leaf)) for leaf in RELATION.leaves])],
        "yes": [(kind.value, words.label("choice", kind.value)) for kind in sorted(OPT_INS, key=_by_value)],
        "no": [(kind.value, words.label("choice", kind.value)) for kind in sorted(OPT_OUTS, key=_by_value)],
        "holds": [(fact, words.label("condition", fact)) for fact in HOLDING],
    }  # fmt: skip


def _by_value(kind: Any) -> str:
    return str(kind.value)


def _grouped(axis: Axis, part: str, groups: tuple[str, ...]) -> Options:
    return [
        (words.label(part, group), [(leaf, words.label(part, leaf)) for leaf in axis.groups[group]]) for group in groups
    ]


_DATA_GROUPS: Final = (
    "identity", "contact", "family", "work", "cover", "travel", "case", "ordinary.order", "web", "preference",
    "feedback", "medical", "medical_derived", "sensitive_other", "nonpersonal", "pseudonymous",
)  # fmt: skip


def _data() -> Options:
    """Leaves and the fields in them, field after leaf."""
    return [
        (words.label("data", group), [
            (word, words.label("data", word))
            for leaf in CATEGORY.groups[group]
            for word in (leaf, *(name for name, home in FIELD_LEAF.items() if home == leaf))
        ])
        for group in _DATA_GROUPS
    ]  # fmt: skip
