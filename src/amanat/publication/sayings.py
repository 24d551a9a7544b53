"""Requests and answers as English sentences, made from the same plain words as the rules."""

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from amanat.policy.decision import Decision, Outcome
from amanat.policy.request import Facts, Request
from amanat.policy.rule import Literal
from amanat.statement import words
from amanat.vocabulary.terms import RELATION

_Outcome = TypeVar("_Outcome", Outcome, str)

_FACTS: Final = ("agreement", "tool", "attested_source", "order", "entitlement", "guardian_for", "identity", "glass")
_UNCOVERED: Final = frozenset(RELATION.groups["uncovered"])
_SOME_AIM: Final = frozenset({"named", "named_aim"})  # as the box and a proof call an aim that nobody named yet
_SITE: Final = "What happens on another site is out of our hands: we can neither allow it nor forbid it."


def deed(request: Request) -> str:
    """`tell your name to a local hospital for emergency care in a medical emergency`."""
    parts = [words.label("action", request.action or "any"), _data(request)]
    if request.relation in _UNCOVERED:
        parts += ["of", words.label("relation", request.relation)]
    parts += _moves(request)
    if request.purpose:
        purpose = f"other.{request.other}" if request.other and request.other not in _SOME_AIM else request.purpose
        parts += ["for", words.label("purpose", purpose)]
    parts += _places(request)
    return " ".join(parts)


def asked(request: Request) -> str:
    return f"May {_who(request)} {deed(request)}?"


def answered(request: Request, decision: Decision) -> str:
    """The outcome in a sentence."""
    who, act = _who(request), deed(request)
    match decision.outcome:
        case Outcome.PERMIT:
            said = f"{who} may {act}."
        case Outcome.ASK:
            said = f"{who} may {act} only if you agree."
        case Outcome.GLASS:
            said = f"{who} may {act} only if {words.label('condition', 'glass')}."
        case Outcome.DENY:
            said = f"{who} may not {act}."
        case Outcome.OUT_OF_SCOPE:
            said = _SITE
    return said[0].upper() + said[1:]


def given(request: Request, usual: Facts | None = None) -> list[str]:
    """What holds besides: what the person agreed to or set against it, and what is more than `usual` on our side."""
    kinds = [choice.partition("@")[0] for choice in sorted(request.choices)]
    chosen = [one if not one.startswith("other_purpose:") else "other_purpose" for one in kinds]
    facts, none = request.facts, usual or Facts()
    said = [words.label("choice", one) for one in dict.fromkeys(chosen)]
    said += [words.label("condition", one) for one in _FACTS if getattr(facts, one) != getattr(none, one)]
    terms = sorted(facts.agreement_terms - none.agreement_terms)
    said += [words.literal_words(Literal("term", term)) for term in terms]
    return said + ([words.literal_words(Literal("k", str(facts.k)))] if facts.k > none.k else [])


def needs(decision: Decision) -> list[str]:
    """What is missing, in words."""
    return [words.label("need", need) for need in decision.needs]


def duties(decision: Decision) -> list[str]:
    return [words.duty_words(duty) for duty in decision.obligations]


def parts(verdicts: Iterable[tuple[str, _Outcome, Sequence[str]]]) -> tuple[tuple[str, _Outcome, tuple[str, ...]], ...]:
    """What was decided for each datum, as (data, outcome, clauses): those with one answer are named together."""
    alike: dict[tuple[_Outcome, tuple[str, ...]], list[str]] = {}
    for word, outcome, clauses in verdicts:
        alike.setdefault((outcome, tuple(clauses)), []).append(words.label("data", word))
    return tuple((joined(data), outcome, clauses) for (outcome, clauses), data in alike.items())


def joined(listed: Iterable[str]) -> str:
    *most, last = listed
    return f"{', '.join(most)} and {last}" if most else last


def _who(request: Request) -> str:
    return words.label("role", request.actor) if request.actor else "nobody"


def _data(request: Request) -> str:
    return joined(words.label("data", item.word) for item in request.items)


def _moves(request: Request) -> list[str]:
    if request.leaves_company and request.recipient:
        return ["to", words.label("recipient", request.recipient)]
    if request.action == "receive" and request.source:
        return ["from", words.label("recipient", request.source)]
    return []


def _places(request: Request) -> list[str]:
    said = []
    if request.action in ("collect", "receive") and request.channel:
        said.append(words.label("channel", request.channel))
    said += [words.label("context", context) for context in sorted(request.contexts - {"routine"})]
    if request.minor:
        said.append(words.label("context", "minor"))
    if request.cross_border:
        said.append(words.label("context", "cross_border"))
    return said
