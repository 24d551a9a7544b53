"""From signals back to a request: one that has exactly these signals.

A flat request is decided through it when it is first met, and a proof shows it as its counterexample.
"""

from collections.abc import Iterable

from amanat.errors import MalformedError
from amanat.policy.request import Facts, Glass, Request, item
from amanat.policy.signals import CONTEXTS, FIRST_K, NAMES
from amanat.vocabulary.choices import OPT_INS
from amanat.vocabulary.terms import AGREEMENT_TERMS, CONTEXT, PLATFORM_FACTS, TOOLS

AIM = "named_aim"  # stands for an aim of its own name
_LAWFUL, _ABROAD, _LAWLESS = "CH", "SG", "AQ"
_WORKED_OUT = CONTEXT.union(("same_country", "cross_border"))


class NoSuchRequestError(MalformedError):
    """These signals contradict each other, or what the request is about."""


def request_of(  # noqa: PLR0913  # the axes of a decision, by name
    *, actor: str, action: str, purpose: str, words: Iterable[str], relation: str, recipient: str | None = None,
    source: str | None = None, channel: str | None = None, known: int = 0,
) -> Request:  # fmt: skip
    """A request with these words and the signals of `known`; those that follow from the words need not be in it."""
    found = _names(known)
    home = _LAWFUL if "person_law" in found else _LAWLESS
    company = _LAWFUL if "company_law" in found else _LAWLESS
    contexts = frozenset(CONTEXT.leaves_in(known & CONTEXTS & ~_WORKED_OUT))
    return Request(
        actor=actor, action=action, purpose=purpose, relation=relation, recipient=recipient, source=source,
        channel="client_feed" if "by_feed" in found else channel, company=company, country=home,
        recipient_country=_ABROAD if "ctx:cross_border" in found else company,
        items=tuple(item(word) for word in words), other=AIM if purpose == "other" else "", contexts=contexts,
        age=18 if "adult" in found else None, choices=frozenset(_choices(found, recipient, source, purpose, words)),
        facts=_facts(found, known),
    )  # fmt: skip


def _names(known: int) -> frozenset[str]:
    return frozenset(name for place, name in enumerate(NAMES) if known >> place & 1)


def _choices(
    found: frozenset[str], recipient: str | None, source: str | None, purpose: str, words: Iterable[str]
) -> Iterable[str]:
    yield from (kind.value for kind in OPT_INS if f"consent:{kind.value}" in found)
    if "chosen:opt_out_service" in found:
        yield "opt_out_service"
    if "payer_here" in found:
        yield f"payer_disclosure:{recipient}"
    if "source_here" in found:
        yield f"third_party_source:{source}"
    if "other_here" in found:
        yield f"other_purpose:{AIM}"
    if "blocked_recipient" in found:
        yield f"block_recipient:{recipient}"
    if "blocked_purpose" in found:
        yield f"block_purpose:{f'other.{AIM}' if purpose == 'other' else purpose}"
    if "withheld" in found:
        yield from (f"withhold:{word}" for word in words)


def _facts(found: frozenset[str], known: int) -> Facts:
    return Facts(
        agreement="live" if "agreement" in found else "none",
        agreement_terms=frozenset(term for term in AGREEMENT_TERMS if f"term:{term}" in found),
        tool=next((tool for tool in TOOLS if f"tool:{tool}" in found), "none"),
        attested_source="attested_source" in found,
        order="order" in found,
        entitlement="entitlement" in found,
        guardian_for="guardian_for" in found,
        k=max(0, (known >> FIRST_K).bit_length() - 1),
        identity=next((level for level in ("proven", "claimed") if f"identity:{level}" in found), "none"),
        glass=_glass(found),
        platform_failures=frozenset(fact for fact in PLATFORM_FACTS if f"failed:{fact}" in found),
    )


def _glass(found: frozenset[str]) -> Glass | None:
    if "glass:there" not in found:
        return None
    right = "glass:valid" in found
    return Glass(
        right, right, right, right, "unconscious" if right else "", refusal_on_record="glass:refused" in found
    )  # fmt: skip
