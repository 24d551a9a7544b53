"""The closed list of facts that a rule may name, and how each is read from a request.

A literal is asked of one datum at a time (a `Question`). What is assumed (`consents`, `glass`) answers "would it be
permitted if the person agreed", so `ask` and `glass` are decided by the same rules as everything else.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from amanat.policy.request import Item, Request
from amanat.policy.rule import Literal
from amanat.vocabulary.choices import OPT_INS
from amanat.vocabulary.law import has_pack
from amanat.vocabulary.terms import (
    AGREEMENT_TERMS,
    CATEGORY,
    CONTEXT,
    FIELD_LEAF,
    PLATFORM_FACTS,
    PROFILE,
    PURPOSE,
    RECIPIENT,
    RECIPIENT_KIND,
    TOOLS,
)

OPT_IN_KINDS = frozenset(kind.value for kind in OPT_INS)


@dataclass(frozen=True, slots=True)
class Question:
    """One datum of a request, with what is assumed about consents and about breaking the glass."""

    request: Request
    item: Item
    assume_consents: bool = False
    assume_glass: bool = False

    def chosen(self, choice: str) -> bool:
        if choice in self.request.choices:
            return True
        return self.assume_consents and choice.partition(":")[0] in OPT_IN_KINDS


_OWN_OPT_IN = {
    "emergency_record": "emergency_record", "live_location": "live_location", "call_recording": "call_recording",
}  # fmt: skip


def opt_in_for(item: Item, request: Request) -> str:
    """The consent that answers clause 8.3 for this datum and purpose."""
    if request.purpose == "other":
        return f"other_purpose:{request.other}"
    return _OWN_OPT_IN.get(item.leaf, "medical_service")


def consent_named(literal: Literal, question: Question) -> str | None:
    """The choice string that a consent literal asks for, or None if the request cannot name it."""
    request = question.request
    kind, _, per = literal.parameter.partition(" per ")
    if kind == "opt_in":
        return opt_in_for(question.item, request)
    parameter = {"": "", "recipient": request.recipient, "source": request.source, "purpose": request.other}[per]
    if per and not parameter:
        return None
    return f"{kind}:{parameter}" if parameter else kind


def _consent(literal: Literal, question: Question) -> bool:
    named = consent_named(literal, question)
    return named is not None and question.chosen(named)


def _tool(literal: Literal, question: Question) -> bool:
    request, wanted = question.request, literal.parameter
    tool = request.facts.tool
    if wanted:
        return tool == wanted
    if tool in ("none", "localisation_block"):
        return False
    if tool == "bcr":
        return request.recipient_kind == "group"
    return request.in_emergency if tool == "vital_derogation" else True


def _glass(_: Literal, question: Question) -> bool:
    """A valid break-glass, for data in the emergency minimum alone; unrest by itself opens nothing medical."""
    request = question.request
    if question.item.word not in PROFILE["emergency_minimum"]:
        return False
    if "emergency_unrest" in request.contexts and "emergency_medical" not in request.contexts:
        return False
    facts = request.facts.glass
    if question.assume_glass:
        return facts is None or not facts.refusal_on_record
    return facts is not None and facts.valid


def _blocked_recipient(_: Literal, question: Question) -> bool:
    recipient = question.request.recipient
    if recipient is None:
        return False
    return _covers(question, "block_recipient", RECIPIENT.mask, RECIPIENT.bit[recipient])


def _blocked_purpose(_: Literal, question: Question) -> bool:
    request = question.request
    if request.purpose is None:
        return False
    if request.other and f"block_purpose:other.{request.other}" in request.opt_outs:
        return True
    return _covers(question, "block_purpose", PURPOSE.mask, PURPOSE.bit[request.purpose])


def _withheld(_: Literal, question: Question) -> bool:
    opt_outs = question.request.opt_outs
    if not opt_outs:
        return False
    parts = {f"withhold:{name}" for name, leaf in FIELD_LEAF.items() if question.item.word in (name, leaf)}
    return bool(parts & opt_outs) or _covers(question, "withhold", CATEGORY.mask, question.item.bit)


def _covers(question: Question, kind: str, masks: Mapping[str, int], bit: int) -> bool:
    """Whether an opt-out of `kind` names this leaf or a group above it."""
    prefix = f"{kind}:"
    named = (one.removeprefix(prefix) for one in question.request.opt_outs if one.startswith(prefix))
    return any(masks.get(word, 0) & bit for word in named)


def _guardian(_: Literal, question: Question) -> bool:
    """Authority counts over a minor or over an adult in incapacity, never over another adult (A-36)."""
    request = question.request
    return request.facts.guardian_for and (request.under_age or "incapacity" in request.contexts)


def _law(_: Literal, question: Question) -> bool:
    return has_pack(question.request.company) and has_pack(question.request.country)


def _echo(_: Literal, question: Question) -> bool:
    """Returning to an organisation the very fields it supplied is no new disclosure (A-13)."""
    request = question.request
    return request.source is not None and request.source == request.recipient


def _from_others(_: Literal, question: Question) -> bool:
    source = question.request.source
    return source is not None and RECIPIENT_KIND[source] != "subject"


def _exempt_emergency(_: Literal, question: Question) -> bool:
    """Emergency care in an emergency asks for no cover first (6.1)."""
    return question.request.purpose == "emergency_care" and question.request.in_emergency


def _lawful_order(_: Literal, question: Question) -> bool:
    """A validated order passes a block; a mere permission of law does not (A-16)."""
    return question.request.purpose == "legal_order" and question.request.facts.order


def _feed_of_cover(_: Literal, question: Question) -> bool:
    """A client's attested roster may bring who a minor is and their cover, nothing more (7.1, A-3)."""
    request = question.request
    attested = request.channel == "client_feed" and request.facts.attested_source
    return attested and bool(question.item.bit & _ROSTER_OF_MINORS)


_ROSTER_OF_MINORS = CATEGORY.mask_of("identity") | CATEGORY.mask_of("cover")

Reader = Callable[[Literal, Question], bool]

ATOMS: Mapping[str, Reader] = {
    "consent": _consent,
    "chosen": lambda literal, question: literal.parameter in question.request.choices,
    "agreement": lambda _, question: question.request.facts.agreement == "live",
    "term": lambda literal, question: literal.parameter in question.request.facts.agreement_terms,
    "tool": _tool,
    "law": _law,
    "company_law": lambda _, question: has_pack(question.request.company),
    "glass": _glass,
    "order": lambda _, question: question.request.facts.order,
    "entitlement": lambda _, question: question.request.facts.entitlement,
    "guardian_for": _guardian,
    "attested_source": lambda _, question: question.request.facts.attested_source,
    "k": lambda literal, question: question.request.facts.k >= int(literal.parameter),
    "identity": lambda literal, question: question.request.facts.identity == literal.parameter,
    "adult": lambda _, question: question.request.adult,
    "purpose_named": lambda _, question: question.request.purpose is not None,
    "context": lambda literal, question: bool(question.request.context_mask & CONTEXT.mask[literal.parameter]),
    "echo": _echo,
    "supplied_by_others": _from_others,
    "exempt_emergency": _exempt_emergency,
    "lawful_order": _lawful_order,
    "feed_of_cover": _feed_of_cover,
    "blocked_recipient": _blocked_recipient,
    "blocked_purpose": _blocked_purpose,
    "withheld": _withheld,
    "platform": lambda literal, question: literal.parameter not in question.request.facts.platform_failures,
}

# Which words may follow an atom; None: no parameter at all.
PARAMETERS: Mapping[str, frozenset[str] | None] = dict.fromkeys(ATOMS) | {
    "consent": frozenset(
        [*OPT_IN_KINDS, "opt_in", "payer_disclosure per recipient", "third_party_source per source",
         "other_purpose per purpose"]
    ),
    "chosen": frozenset({"opt_out_service"}),
    "term": frozenset(AGREEMENT_TERMS),
    "tool": frozenset({"", *TOOLS}),
    "k": frozenset(str(size) for size in range(1, 1001)),
    "identity": frozenset({"claimed", "proven"}),
    "context": frozenset(CONTEXT.mask),
    "platform": frozenset(PLATFORM_FACTS),
}  # fmt: skip


def holds(literal: Literal, question: Question) -> bool:
    return ATOMS[literal.atom](literal, question) is literal.wanted


# How a missing fact is written in `needs`. Atoms that nobody could supply stand in no entry and are not listed.
_NEEDED_AS: Mapping[str, Callable[[Literal, Question], str | None]] = {
    "agreement": lambda literal, _: literal.atom,
    "term": lambda literal, _: f"agreement_terms:{literal.parameter}",
    "tool": lambda literal, _: None if literal.parameter else literal.atom,
    "entitlement": lambda literal, _: literal.atom,
    "order": lambda literal, _: literal.atom,
    "identity": lambda literal, _: f"identity:{literal.parameter}",
    "guardian_for": lambda literal, _: literal.atom,
    "attested_source": lambda literal, _: literal.atom,
    "k": lambda literal, _: f"k>={literal.parameter}",
    "glass": lambda literal, _: literal.atom,
    "consent": consent_named,
}
_NEED_ORDER = (
    "agreement", *(f"agreement_terms:{term}" for term in AGREEMENT_TERMS), "tool", "entitlement", "order",
    "identity:claimed", "identity:proven", "guardian_for", "attested_source", "k", "glass",
)  # fmt: skip
_NEED_RANK = {need: rank for rank, need in enumerate(_NEED_ORDER)}


def need_text(literal: Literal, question: Question) -> str | None:
    """How a missing literal is written in `needs`; None if it is not something that could be supplied."""
    write = _NEEDED_AS.get(literal.atom)
    return write(literal, question) if write and literal.wanted else None


def in_need_order(needs: Iterable[str]) -> tuple[str, ...]:
    """Each need once: facts in the order above, then consents by name."""
    return tuple(sorted(set(needs), key=_need_order))


def _need_order(need: str) -> tuple[int, str]:
    return (_NEED_RANK.get(need.partition(">=")[0], len(_NEED_RANK)), need)
