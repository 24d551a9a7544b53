"""The choices of a person as bits, and what they become once a request says whom and what it is about.

Plain choices are signals as they stand. One with a parameter becomes a signal only where the request speaks of what
it names (`signals_of`); one that withholds data is asked of each datum (`WITHHOLDING`).
"""

from collections.abc import Mapping
from typing import Final

from amanat.policy.signals import BIT, NAMES
from amanat.vocabulary.choices import WRITTEN, parse_choice
from amanat.vocabulary.terms import CATEGORY, FIELD_LEAF, PURPOSE, RECIPIENT

_PLAIN_NAMES: Final = [name for name in NAMES if name.startswith(("consent:", "chosen:"))]
FIRST_PLAIN: Final = NAMES.index(_PLAIN_NAMES[0])
PLAIN: Final = (1 << len(_PLAIN_NAMES)) - 1


def _wishes() -> dict[str, int]:
    """Written choice → its bit, plain ones lowest; two ways to write one choice share it."""
    plain = {name.partition(":")[2]: BIT[name] >> FIRST_PLAIN for name in _PLAIN_NAMES}
    others = sorted(set(WRITTEN.values()) - set(plain), key=lambda written: (written.startswith("withhold"), written))
    found = plain | {written: 1 << place for place, written in enumerate(others, len(plain))}
    return found | {way: found[written] for way, written in WRITTEN.items()}


class _Wishes(dict[str, int]):
    """A choice about an aim of its own name has no bit: only a request for that very aim can speak of it."""

    def __missing__(self, written: str) -> int:
        return self.get(str(parse_choice(written)), 0)


WISH: Final[Mapping[str, int]] = _Wishes(_wishes())


def _covering(kind: str, masks: Mapping[str, int], bit: int) -> int:
    """The wishes of a kind that name this leaf or a group above it."""
    whole = 0
    for word, mask in masks.items():
        if mask & bit:
            whole |= WISH.get(f"{kind}:{word}", 0)
    return whole


def _naming(kind: str) -> dict[str | None, int]:
    """Leaf of a recipient → the opt-in that names exactly it."""
    return {None: 0} | {leaf: WISH[f"{kind}:{leaf}"] for leaf in RECIPIENT.leaves}


_PAYER, _SOURCE = _naming("payer_disclosure"), _naming("third_party_source")
_BLOCKED_RECIPIENT: Final = {None: 0} | {
    leaf: _covering("block_recipient", RECIPIENT.mask, RECIPIENT.bit[leaf]) for leaf in RECIPIENT.leaves
}
_BLOCKED_PURPOSE: Final[dict[str | None, int]] = {None: 0} | {
    leaf: _covering("block_purpose", PURPOSE.mask, PURPOSE.bit[leaf]) for leaf in PURPOSE.leaves
}


def _withholding(word: str) -> int:
    """The wishes that withhold a datum: by its leaf, a group above it, or for a whole leaf any of its fields."""
    fields = (WISH[f"withhold:{name}"] for name, leaf in FIELD_LEAF.items() if word in (name, leaf))
    whole = _covering("withhold", CATEGORY.mask, CATEGORY.bit[FIELD_LEAF.get(word, word)])
    for one in fields:
        whole |= one
    return whole


WITHHOLDING: Final = {word: _withholding(word) for word in (*CATEGORY.leaves, *FIELD_LEAF)}


def spoken_of(recipient: str | None, purpose: str | None) -> int:
    """The wishes that speak of this recipient or this purpose."""
    return _PAYER[recipient] | _BLOCKED_RECIPIENT[recipient] | _BLOCKED_PURPOSE[purpose]


def signals_of(wishes: int, recipient: str | None, source: str | None, purpose: str | None) -> int:
    """The signals among `wishes`, and those that a parameter makes signals here; what withholds data is left out."""
    known = (wishes & PLAIN) << FIRST_PLAIN
    if wishes <= PLAIN:
        return known
    if wishes & _PAYER[recipient]:
        known |= BIT["payer_here"]
    if wishes & _SOURCE[source]:
        known |= BIT["source_here"]
    if wishes & _BLOCKED_RECIPIENT[recipient]:
        known |= BIT["blocked_recipient"]
    if wishes & _BLOCKED_PURPOSE[purpose]:
        known |= BIT["blocked_purpose"]
    return known
