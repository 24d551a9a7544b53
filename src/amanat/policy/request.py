"""A request for a decision: who wants to do what with which data, for what, and the facts that were checked.

An absent part takes its protective value. The same value is made from the wire (`policy.wire`), from the custody's
fact rooms, and from a visitor's question.
"""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from amanat.vocabulary.terms import CATEGORY, CONTEXT, FIELD_LEAF, PURPOSE, RECIPIENT_KIND, UnknownTermError

SENSITIVE = CATEGORY.mask_of("sensitive")
PERSONAL = CATEGORY.mask_of("personal")
# Letters in the name of an aim of its own: answers that name it are remembered.
MOST_LETTERS = 200


@dataclass(frozen=True, slots=True)
class Item:
    """A datum asked for: `word` as written (leaf or field) and the leaf it belongs to."""

    word: str
    leaf: str

    @property
    def bit(self) -> int:
        return CATEGORY.bit[self.leaf]


@lru_cache(maxsize=1024)
def item(word: str) -> Item:
    """Read a leaf or a field; an unknown word is an error that names it."""
    leaf = FIELD_LEAF.get(word, word)
    if leaf not in CATEGORY.bit:
        raise CATEGORY.unknown(word, [*CATEGORY.bit, *FIELD_LEAF])
    return Item(word, leaf)


@dataclass(frozen=True, slots=True)
class Glass:
    """The facts of a break-glass; absent ones count against it."""

    case_open: bool = False
    role_ok: bool = False
    impracticable: bool = False
    minimum_only: bool = False
    reason: str = ""
    refusal_on_record: bool = True

    @property
    def valid(self) -> bool:
        opened = self.case_open and self.role_ok and self.impracticable and self.minimum_only
        return opened and bool(self.reason.strip()) and not self.refusal_on_record


@dataclass(frozen=True, slots=True)
class Facts:
    """What has been checked outside the request. `platform_failures` names platform facts that did not hold."""

    agreement: str = "none"
    agreement_terms: frozenset[str] = frozenset()
    tool: str = "none"
    attested_source: bool = False
    order: bool = False
    entitlement: bool = False
    guardian_for: bool = False
    k: int = 0
    identity: str = "none"
    glass: Glass | None = None
    platform_failures: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Request:
    """One question. Countries are ISO 3166-1 alpha-2; `purpose` is a leaf, `other` its name if it is `other.<name>`."""

    actor: str | None = None
    company: str | None = None
    action: str | None = None
    items: tuple[Item, ...] = ()
    relation: str = "unknown"
    age: int | None = None
    minor: bool = False
    country: str | None = None
    choices: frozenset[str] = frozenset()
    recipient: str | None = None
    recipient_country: str | None = None
    source: str | None = None
    purpose: str | None = None
    other: str = ""
    channel: str | None = None
    host: str = "own"
    contexts: frozenset[str] = frozenset()
    facts: Facts = field(default_factory=Facts)

    @cached_property
    def leaves(self) -> int:
        return CATEGORY.union(one.leaf for one in self.items)

    @cached_property
    def under_age(self) -> bool:
        """Known to be under 18; the younger reading wins."""
        return self.minor or "minor" in self.contexts or (self.age is not None and self.age < 18)

    @cached_property
    def adult(self) -> bool:
        """Known to be 18 or older; an unknown age is not adult."""
        return self.age is not None and not self.under_age

    @cached_property
    def leaves_company(self) -> bool:
        return self.action in ("disclose", "transfer")

    @cached_property
    def cross_border(self) -> bool:
        """Personal data going to a country that differs from the company's or from the person's."""
        if not self.leaves_company or self.recipient is None or not self.leaves & PERSONAL:
            return False
        there = self.recipient_country
        return there is None or there != self.company or there != self.country

    @cached_property
    def context_mask(self) -> int:
        derived = "cross_border" if self.cross_border else "same_country"
        words = {word for word in self.contexts if word not in ("same_country", "cross_border")} or {"routine"}
        return CONTEXT.union(words | {derived} | ({"minor"} if self.under_age else set()))

    @cached_property
    def in_emergency(self) -> bool:
        return bool(self.context_mask & CONTEXT.mask_of("emergency"))

    @cached_property
    def opt_outs(self) -> frozenset[str]:
        """The choices that name what is blocked or withheld."""
        return frozenset(one for one in self.choices if one.startswith(("block_", "withhold:")))

    @cached_property
    def recipient_kind(self) -> str | None:
        return RECIPIENT_KIND[self.recipient] if self.recipient else None

    @cached_property
    def consent_giveable(self) -> bool:
        """Whether anybody could still be asked: not in incapacity, and not while a glass is being broken."""
        return "incapacity" not in self.contexts and self.facts.glass is None


def purpose_of(word: str) -> tuple[str, str]:
    """A purpose leaf and, for `other.<name>`, the name; anything else is an error that names it."""
    if word.startswith("other."):
        name = word.removeprefix("other.")
        if not 0 < len(name) <= MOST_LETTERS:
            raise UnknownTermError(f"a purpose `other.` needs a name of at most {MOST_LETTERS} letters after the dot")
        return "other", name
    if word == "other" or word not in PURPOSE.bit:
        raise PURPOSE.unknown(word, PURPOSE.bit)
    return word, ""
