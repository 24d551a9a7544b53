"""The visitor's question "Can they …?": words chosen from the whole vocabulary, decided as the platform decides.

It is hypothetical. Nothing is read but the statement, nothing is opened and nothing is recorded. What the visitor
leaves open is taken from the world that the statement declares for its own examples.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Final
from urllib.parse import urlencode

from amanat.policy.decision import Outcome
from amanat.policy.explain import Alternative, Explanation, Way, explain
from amanat.policy.interpreter import decide
from amanat.policy.request import Facts, Glass, Request, item, purpose_of
from amanat.policy.wire import read_request
from amanat.publication import prose, reasons, sayings
from amanat.publication.reasons import Reasons
from amanat.statement import words
from amanat.statement.cases import read_world
from amanat.statement.compile import Statement
from amanat.statement.document import read_document
from amanat.vocabulary.choices import OPT_INS, OPT_OUTS, parse_choice
from amanat.vocabulary.terms import (
    ACTION,
    AGREEMENT_TERMS,
    CHANNEL,
    CONTEXT,
    RECIPIENT,
    RELATION,
    ROLE,
    Axis,
    UnknownTermError,
)

# What may hold on our side, in the order of the form, and whether it does unless the visitor says otherwise.
HOLDING: Final[Mapping[str, bool]] = {
    "entitlement": True, "agreement": True, "attested_source": True, "identity": True, "tool": False, "order": False,
    "guardian_for": False, "glass": False,
}  # fmt: skip
_USUAL: Final = frozenset(fact for fact, holds in HOLDING.items() if holds)
_USUAL_SCENE: Final = ("routine", "phone", "employee_of")
_DERIVED: Final = frozenset({"minor", "same_country", "cross_border"})
SITUATIONS: Final = tuple(context for context in CONTEXT.leaves if context not in _DERIVED)
ANOTHER_AIM: Final = "other.named"
_ABROAD: Final = "SG"
_MOST_CHANGES = 5
_BROKEN_GLASS: Final = Glass(
    case_open=True, role_ok=True, impracticable=True, minimum_only=True, reason="unconscious", refusal_on_record=False
)


@dataclass(frozen=True, slots=True)
class Question:
    """The visitor's words. `choices` are kinds; what each is about follows from the rest of the question."""

    who: str
    do: str
    data: tuple[str, ...]
    purpose: str
    to: str = ""
    source: str = ""
    situation: str = _USUAL_SCENE[0]
    channel: str = _USUAL_SCENE[1]
    relation: str = _USUAL_SCENE[2]
    young: bool = False
    abroad: bool = False
    elsewhere: bool = False
    choices: frozenset[str] = frozenset()
    holding: frozenset[str] = _USUAL

    @property
    def set_apart(self) -> int:
        """How much was said besides who, what, which, what for and to whom."""
        scene = zip((self.situation, self.channel, self.relation), _USUAL_SCENE, strict=True)
        said = (*(now != usual for now, usual in scene), self.source, self.young, self.abroad, self.elsewhere)
        return sum(map(bool, said)) + len(self.data[1:])

    @property
    def holds_otherwise(self) -> bool:
        return self.holding != _USUAL

    @property
    def query(self) -> str:
        """The question as the form would send it."""
        pairs: list[tuple[str, str]] = [("who", self.who), ("do", self.do), *(("data", word) for word in self.data)]
        pairs += [("for", self.purpose), ("to", self.to), ("from", self.source), ("in", self.situation)]
        pairs += [("via", self.channel), ("of", self.relation)]
        flags = {"young": self.young, "abroad": self.abroad, "elsewhere": self.elsewhere}
        pairs += [(name, "yes") for name, on in flags.items() if on]
        pairs += [("choice", kind) for kind in sorted(self.choices)]
        pairs += [("holds", fact) for fact in sorted(self.holding)] or [("holds", "")]
        return urlencode([(name, value) for name, value in pairs if value or name == "holds"])


@dataclass(frozen=True, slots=True)
class Change:
    """What would change the answer, and the question that shows it."""

    says: str
    question: Question


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer with its reasons. `given` is what holds besides.

    `parts` are (data, outcome, clauses), those with one answer together. `fixed` is whether no one change of
    consent, data or recipient would turn a no.
    """

    outcome: Outcome
    asked: str
    given: tuple[str, ...]
    says: str
    clauses: tuple[prose.Clause, ...]
    cited: tuple[str, ...]
    needs: tuple[str, ...]
    duties: tuple[str, ...]
    parts: tuple[tuple[str, Outcome, tuple[str, ...]], ...]
    reasons: Reasons
    fixed: bool
    changes: tuple[Change, ...]
    version: str


def read_question(form: Mapping[str, list[str]]) -> Question | None:
    """The question in a submitted form; None if none was asked. An unknown word is an error that names it."""

    def one(name: str, usual: str = "") -> str:
        return (form.get(name) or [usual])[0] or usual

    if not one("who"):
        return None
    asked = Question(
        ROLE.leaf(one("who")),
        ACTION.leaf(one("do", "view")),
        tuple(dict.fromkeys(item(word).word for word in form.get("data", []) if word)),
        _purpose(one("for", "treatment")),
        _leaf(RECIPIENT, one("to")),
        _leaf(RECIPIENT, one("from")),
        _one_of(SITUATIONS, one("in", "routine"), "situation"),
        CHANNEL.leaf(one("via", "phone")),
        RELATION.leaf(one("of", "employee_of")),
        young=one("young") == "yes", abroad=one("abroad") == "yes", elsewhere=one("elsewhere") == "yes",
    )  # fmt: skip
    kinds = frozenset(_one_of(_CHOICES, kind, "choice") for kind in form.get("choice", []))
    holding = (_one_of(tuple(HOLDING), fact, "fact") for fact in form["holds"] if fact) if "holds" in form else _USUAL
    return replace(asked, choices=kinds, holding=frozenset(holding))


def ask(statement: Statement, question: Question, company: str) -> Answer:
    """Decide the question under `statement` and say why. `company` is named where the prose names one."""
    request = request_of(statement, question)
    found = explain(statement.policy, request)
    decision = found.decision
    cited = tuple(filter(None, (prose.clause_of(statement, clause, company) for clause in decision.clauses)))
    return Answer(
        outcome=decision.outcome,
        asked=sayings.asked(request),
        given=tuple(sayings.given(request, Facts(agreement_terms=request.facts.agreement_terms, k=request.facts.k))),
        says=sayings.answered(request, decision),
        clauses=tuple({clause.id: clause for clause in cited}.values()),
        cited=decision.clauses,
        needs=tuple(sayings.needs(decision)),
        duties=tuple(sayings.duties(decision)),
        parts=sayings.parts((one.word, one.outcome, one.clauses) for one in decision.verdicts),
        fixed=decision.outcome is Outcome.DENY and not found.alternatives,
        reasons=replace(reasons.joined([found]), unlocks=()),
        changes=tuple(islice(_changes(statement, question, found), _MOST_CHANGES)),
        version=decision.version,
    )


def outcome_under(statement: Statement, question: Question) -> Outcome:
    return decide(statement.policy, request_of(statement, question)).outcome


def request_of(statement: Statement, question: Question) -> Request:
    """The question as a request: the visitor's words over the statement's declared world."""
    world = _world(statement.digest, statement.text)
    purpose, other = purpose_of(question.purpose)
    leaves = question.do in ("disclose", "transfer")
    return replace(
        world,
        actor=question.who, action=question.do, items=tuple(item(word) for word in question.data),
        relation=question.relation, age=None if question.young else world.age, minor=question.young,
        choices=frozenset(_choice(kind, question) for kind in question.choices),
        recipient=question.to or None,
        recipient_country=(_ABROAD if question.abroad else world.recipient_country) if leaves else None,
        source=question.source or None, purpose=purpose, other=other, channel=question.channel,
        host="foreign" if question.elsewhere else "own",
        contexts=frozenset({question.situation}), facts=_facts(world.facts, question.holding),
    )  # fmt: skip


@lru_cache(maxsize=8)
def _world(_digest: str, text: str) -> Request:
    return read_request(read_world(read_document(text).world, []))


def _facts(world: Facts, holding: frozenset[str]) -> Facts:
    agreed = "agreement" in holding
    return replace(
        world,
        agreement="live" if agreed else "none", agreement_terms=frozenset(AGREEMENT_TERMS) if agreed else frozenset(),
        tool="scc" if "tool" in holding else "none", identity="proven" if "identity" in holding else "none",
        attested_source="attested_source" in holding, order="order" in holding, entitlement="entitlement" in holding,
        guardian_for="guardian_for" in holding, glass=_BROKEN_GLASS if "glass" in holding else None,
    )  # fmt: skip


_CHOICES: Final = tuple(kind.value for kind in (*sorted(OPT_INS, key=lambda one: one.value), *OPT_OUTS))


def _choice(kind: str, question: Question) -> str:
    """A choice of this kind about what the question is about; with nothing to be about, it opens nothing."""
    about = {
        "payer_disclosure": question.to, "third_party_source": question.source, "block_recipient": question.to,
        "other_purpose": question.purpose.removeprefix("other.") if question.purpose.startswith("other.") else "",
        "block_purpose": question.purpose, "withhold": question.data[0] if question.data else "",
    }.get(kind, "")  # fmt: skip
    if about:
        return str(parse_choice(f"{kind}:{about}"))
    return kind


def _purpose(word: str) -> str:
    purpose, other = purpose_of(word)
    return f"other.{other}" if other else purpose


def _leaf(axis: Axis, word: str) -> str:
    return axis.leaf(word) if word else ""


def _one_of(known: tuple[str, ...], word: str, what: str) -> str:
    if word not in known:
        raise UnknownTermError(f"unknown {what} `{word[:60]}`")
    return word


def _changes(statement: Statement, question: Question, found: Explanation) -> Iterator[Change]:
    """Each alternative as a question of its own, offered only if asking it gives a yes."""
    if found.decision.outcome is Outcome.GLASS:
        broken = replace(question, holding=question.holding | {"glass"})
        yield from _if_permitted(statement, Change(f"If {words.label('condition', 'glass')}.", broken))
    for one in found.alternatives:
        yield from _if_permitted(statement, _change(question, one))


def _if_permitted(statement: Statement, change: Change) -> Iterator[Change]:
    if outcome_under(statement, change.question) is Outcome.PERMIT:
        yield change


def _change(question: Question, one: Alternative) -> Change:
    kinds = question.choices | {choice.partition(":")[0] for choice in one.asks}
    match one.way:
        case Way.CONSENT:
            said = sayings.joined(words.label("choice", choice) for choice in one.change)
            return Change(f"With {said}.", replace(question, choices=kinds))
        case Way.SUBSET:
            said = sayings.joined(words.label("data", word) for word in one.change)
            asked = sayings.joined(words.label("choice", choice) for choice in one.asks) if one.asks else ""
            return Change(
                f"Only {said}{', with ' if asked else ''}{asked}.", replace(question, data=one.change, choices=kinds)
            )
        case Way.RECIPIENT:
            said = words.label("recipient", one.change[0])
            return Change(f"If it goes to {said} instead.", replace(question, to=one.change[0], abroad=False))
