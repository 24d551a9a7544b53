"""What an entry point says it does to personal data: the declaration that is checked before anything is decided.

A route, a command, a duty or a function declares needs in the words of the vocabulary. Whether some clause could ever
permit a need is asked of a policy (`policy.possible`); whether it may be done now is decided with facts, each time.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from amanat.vocabulary.terms import (
    ACTION,
    CATEGORY,
    CHANNEL,
    FIELD_LEAF,
    PROFILE,
    PURPOSE,
    RECIPIENT,
    ROLE,
    ROOT_VERB,
    Axis,
    UnknownTermError,
)


@dataclass(frozen=True)
class Need:
    """An action on data for a purpose. Categories are fields, leaves, groups or profiles; a group means any of it.

    `roles` (words of the role axis) say who acts, `recipients` who is told, `sources` who supplies, `channels` how it
    is taken; an empty one leaves that open. `duty` is the clause whose duty an erasing carries out when time is up: no
    permit lists that, for nobody asks.
    """

    action: str
    purpose: str
    categories: tuple[str, ...]
    roles: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    duty: str = ""

    @property
    def root(self) -> str:
        """The one root verb of clause 0.5 that this is."""
        return ROOT_VERB[self.action]

    def __str__(self) -> str:
        by = f" by {' or '.join(self.roles)}" if self.roles else ""
        to = f" to {' or '.join(self.recipients)}" if self.recipients else ""
        return f"{self.action} {', '.join(self.categories)}{to} for {self.purpose}{by}"


def faults_of(need: Need) -> Iterator[str]:
    """What is wrong with the words of a need, each told for itself."""
    if need.action not in ACTION.bit:
        yield ACTION.unknown(need.action, ACTION.bit).detail
    if not is_purpose(need.purpose):
        yield PURPOSE.unknown(need.purpose, PURPOSE.bit).detail
    if not need.categories:
        yield "no data is named"
    for word in need.categories:
        if word not in CATEGORY.mask and word not in FIELD_LEAF and word not in PROFILE:
            yield CATEGORY.unknown(word, [*CATEGORY.mask, *FIELD_LEAF, *PROFILE]).detail
    for axis, words in ((ROLE, need.roles), (RECIPIENT, need.recipients), (RECIPIENT, need.sources),
                        (CHANNEL, need.channels)):  # fmt: skip
        yield from (axis.unknown(word, axis.mask).detail for word in words if word not in axis.mask)
    if need.duty and need.action != "erase":
        yield f"`{need.action}` is done under a permit, not under the duty of clause {need.duty}"


def is_purpose(word: str) -> bool:
    """A leaf of the purposes, or `other.` with a name."""
    return (word in PURPOSE.bit and word != "other") or (word.startswith("other.") and word != "other.")


def mask_of(axis: Axis, words: tuple[str, ...]) -> int:
    """The bits of the words together; of none, the whole axis."""
    total = 0
    for word in words:
        total |= axis.mask_of(word)
    return total or axis.everything


def data_in(word: str) -> tuple[tuple[str, str], ...]:
    """Each (word, leaf) that a category stands for: itself, or what lies below a group or in a profile."""
    if word in PROFILE:
        return tuple((one, FIELD_LEAF.get(one, one)) for one in sorted(PROFILE[word]))
    if word in FIELD_LEAF:
        return ((word, FIELD_LEAF[word]),)
    if word not in CATEGORY.mask:
        raise UnknownTermError(CATEGORY.unknown(word, [*CATEGORY.mask, *FIELD_LEAF, *PROFILE]).detail)
    leaves = CATEGORY.leaves_in(CATEGORY.mask[word])
    fields = [(field, leaf) for field, leaf in FIELD_LEAF.items() if leaf in leaves]
    return (*((leaf, leaf) for leaf in leaves), *(fields if word not in CATEGORY.bit else ()))
