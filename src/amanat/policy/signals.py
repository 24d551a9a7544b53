"""Signals: what is so in a request, as one integer. Every condition that a rule can name is written over them here.

A signal is a bit. `FORMULAS` restates each atom of `policy.literals` as cubes over signals, so that a decider can
remember answers by the signals that decide them, and a proof can reason about all requests at once. The restatement is
held to the atoms on random requests.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from amanat.policy.literals import OPT_IN_KINDS
from amanat.policy.rule import Literal
from amanat.vocabulary.terms import AGREEMENT_TERMS, CONTEXT, PLATFORM_FACTS, TOOLS

OPT_IN_OF_LEAF: Final = {leaf: leaf for leaf in ("emergency_record", "live_location", "call_recording")}
_PER: Final = {
    "payer_disclosure per recipient": ("payer_here", "to_somebody"),
    "third_party_source per source": ("source_here", "from_somebody"),
    "other_purpose per purpose": ("other_here", "for_other"),
}
MOST_K: Final = 1_000

# The order is the layout: contexts first, so that their bits are those of the vocabulary.
NAMES: Final = (
    *(f"ctx:{context}" for context in CONTEXT.leaves),
    *(f"consent:{kind}" for kind in sorted(OPT_IN_KINDS)), "chosen:opt_out_service",
    *(yes for yes, _ in _PER.values()), "to_somebody", "from_somebody", "for_other",
    "blocked_recipient", "blocked_purpose", "withheld",
    "agreement", *(f"term:{term}" for term in AGREEMENT_TERMS),
    *(f"tool:{tool}" for tool in TOOLS if tool != "none"), "to_group",
    "attested_source", "order", "entitlement", "guardian_for", "identity:claimed", "identity:proven", "adult",
    "company_law", "person_law", "glass:there", "glass:valid", "glass:refused",
    *(f"failed:{fact}" for fact in PLATFORM_FACTS),
    "for_something", "for_emergency_care", "for_legal_order", "echo", "from_others", "by_feed", "unaddressed",
    *(f"of:{leaf}" for leaf in OPT_IN_OF_LEAF), "in_minimum", "on_roster",
)  # fmt: skip
BIT: Final[Mapping[str, int]] = {name: 1 << place for place, name in enumerate(NAMES)}
CONTEXTS: Final = CONTEXT.everything
FIRST_K: Final = len(NAMES)  # the signal `k >= n` is the bit FIRST_K + n


def bits(*names: str) -> int:
    """The signals with these names, together."""
    return sum({BIT[name] for name in names})


# What the words of a request settle; all other signals are open.
BY_WORDS: Final = bits(
    "to_somebody", "to_group", "from_somebody", "from_others", "echo", "by_feed", "for_something", "for_emergency_care",
    "for_legal_order", "for_other", "unaddressed", "in_minimum", "on_roster",
    *(name for name in NAMES if name.startswith("of:")),
)  # fmt: skip


class Cube(NamedTuple):
    """All signals of `on` are there and none of `off`."""

    on: int
    off: int = 0

    def holds(self, known: int) -> bool:
        return known & self.on == self.on and not known & self.off


Formula = tuple[Cube, ...]
"""A disjunction of cubes; the empty one never holds."""

TRUE: Final[Formula] = (Cube(0),)


def holds(formula: Formula, known: int) -> bool:
    return any(cube.holds(known) for cube in formula)


def used(formula: Formula) -> int:
    """The signals that a formula looks at."""
    seen = 0
    for cube in formula:
        seen |= cube.on | cube.off
    return seen


def _on(*names: str) -> Formula:
    return (Cube(bits(*names)),)


def _tool(parameter: str) -> Formula:
    if parameter:
        return _on(f"tool:{parameter}") if parameter != "none" else (Cube(0, _TOOLS),)
    plain = [tool for tool in TOOLS if tool not in ("none", "bcr", "vital_derogation", "localisation_block")]
    return (
        *(Cube(BIT[f"tool:{tool}"]) for tool in plain),
        Cube(bits("tool:bcr", "to_group")),
        Cube(bits("tool:vital_derogation", "ctx:emergency_medical")),
        Cube(bits("tool:vital_derogation", "ctx:emergency_unrest")),
    )


_TOOLS: Final = bits(*(name for name in NAMES if name.startswith("tool:")))


def _consent(parameter: str) -> Formula:
    if parameter == "opt_in":
        return _OPT_IN
    return _on(_PER[parameter][0]) if parameter in _PER else _on(f"consent:{parameter}")


_LEAVES: Final = bits(*(f"of:{leaf}" for leaf in OPT_IN_OF_LEAF))
_OPT_IN: Final[Formula] = (
    Cube(bits("for_other", "other_here")),
    *(
        Cube(bits(f"of:{leaf}", f"consent:{kind}"), BIT["for_other"] | _LEAVES & ~BIT[f"of:{leaf}"])
        for leaf, kind in OPT_IN_OF_LEAF.items()
    ),
    Cube(BIT["consent:medical_service"], BIT["for_other"] | _LEAVES),
)


def _consent_hoped(parameter: str) -> Formula:
    """A consent could be given if the request says to whom, from whom or for what it would be."""
    return _on(_PER[parameter][1]) if parameter in _PER else TRUE


def _not_in_unrest_alone(on: int, off: int = 0) -> Formula:
    unrest, medical = BIT["ctx:emergency_unrest"], BIT["ctx:emergency_medical"]
    return (Cube(on, off | unrest), Cube(on | medical, off))


_GLASS: Final = _not_in_unrest_alone(bits("in_minimum", "glass:valid"))
_GLASS_HOPED: Final = (
    *_not_in_unrest_alone(BIT["in_minimum"], BIT["glass:there"]),
    *_not_in_unrest_alone(bits("in_minimum", "glass:there"), BIT["glass:refused"]),
)
_EMERGENCY_CARE: Final = (
    *_on("for_emergency_care", "ctx:emergency_medical"), *_on("for_emergency_care", "ctx:emergency_unrest"),
)  # fmt: skip

FORMULAS: Final[Mapping[str, Callable[[str], Formula]]] = {
    "consent": _consent,
    "chosen": lambda parameter: _on(f"chosen:{parameter}"),
    "agreement": lambda _: _on("agreement"),
    "term": lambda parameter: _on(f"term:{parameter}"),
    "tool": _tool,
    "law": lambda _: _on("company_law", "person_law"),
    "company_law": lambda _: _on("company_law"),
    "glass": lambda _: _GLASS,
    "order": lambda _: _on("order"),
    "entitlement": lambda _: _on("entitlement"),
    "guardian_for": lambda _: (*_on("guardian_for", "ctx:minor"), *_on("guardian_for", "ctx:incapacity")),
    "attested_source": lambda _: _on("attested_source"),
    "k": lambda parameter: (Cube(1 << FIRST_K + int(parameter)),),
    "identity": lambda parameter: _on(f"identity:{parameter}"),
    "adult": lambda _: _on("adult"),
    "purpose_named": lambda _: _on("for_something"),
    "context": lambda parameter: tuple(Cube(BIT[f"ctx:{one}"]) for one in CONTEXT.leaves_in(CONTEXT.mask[parameter])),
    "echo": lambda _: _on("echo"),
    "supplied_by_others": lambda _: _on("from_others"),
    "exempt_emergency": lambda _: _EMERGENCY_CARE,
    "lawful_order": lambda _: _on("for_legal_order", "order"),
    "feed_of_cover": lambda _: _on("by_feed", "attested_source", "on_roster"),
    "blocked_recipient": lambda _: _on("blocked_recipient"),
    "blocked_purpose": lambda _: _on("blocked_purpose"),
    "withheld": lambda _: _on("withheld"),
    "platform": lambda parameter: (Cube(0, BIT[f"failed:{parameter}"]),),
}
# What an atom is under the assumption that consents were given, or that the glass were rightly broken.
IF_ASKED: Final[Mapping[str, Callable[[str], Formula]]] = {"consent": _consent_hoped}
IF_BROKEN: Final[Mapping[str, Callable[[str], Formula]]] = {"glass": lambda _: _GLASS_HOPED}
# Whether anybody could still be asked.
UNGIVEABLE: Final = bits("ctx:incapacity", "glass:there")


@lru_cache(maxsize=2048)
def formula(literal: Literal) -> Formula:
    """The atom of a literal over signals, whether or not the literal wants it."""
    return FORMULAS[literal.atom](literal.parameter)


@lru_cache(maxsize=2048)
def looked_at(literal: Literal) -> int:
    """All signals that the truth of a literal can depend on, as things are and under either assumption."""
    seen = used(formula(literal))
    for hoped in (IF_ASKED, IF_BROKEN):
        if literal.atom in hoped:
            seen |= used(hoped[literal.atom](literal.parameter))
    return seen


def sizes(k: int, asked: int) -> int:
    """The signals `k >= n` for a smallest group of `k`, of those that somebody asks about."""
    reached = ((1 << min(k, MOST_K) + 1) - 1) << FIRST_K
    return reached & asked
