"""Plain words: what a term means, and what a rule says, in English that a reader without training follows.

The sentence of a rule is made from its meaning (its sets), never from the text it was read from, so it can stand beside
the prose as a second witness. Labels and meanings are in `glossary.txt`; other languages have them too
(`glossary.fr.txt`), for words that stand alone. Sentences are made in English.
"""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from amanat.policy.rule import ALWAYS, NEVER, Box, Condition, Literal, Obligation, Rule, RuleKind
from amanat.vocabulary.duties import span_parts
from amanat.vocabulary.terms import ACTION, CATEGORY, CHANNEL, CONTEXT, PURPOSE, RECIPIENT, RELATION, ROLE, Axis

# Kind of an anchor in the prose → the part of the glossary that explains it.
_PART = {
    "do": "action", "who": "role", "data": "data", "beside": "data", "to": "recipient", "from": "recipient",
    "for": "purpose", "ch": "channel", "ctx": "context", "of": "relation", "then": "obligation", "if": "condition",
    "unless": "condition", "every": "event", "stops": "service", "degrades": "service", "continues": "service",
}  # fmt: skip


class Entry(NamedTuple):
    """A glossary line. `opposite` is the label of a condition that does not hold."""

    label: str
    meaning: str
    opposite: str = ""


ENGLISH: Final = "en"
# Languages with a glossary of their own.
SPOKEN: Final = (ENGLISH, "fr")


@cache
def _glossary(language: str = ENGLISH) -> dict[tuple[str, str], Entry]:
    name = "glossary.txt" if language == ENGLISH else f"glossary.{language}.txt"
    text = (files("amanat") / "statement" / name).read_text(encoding="utf-8")
    found: dict[tuple[str, str], Entry] = {}
    part = ""
    for line in text.splitlines():
        if line.startswith("["):
            part = line.strip("[]")
        elif line and not line.startswith("#"):
            term, _, rest = line.partition(" = ")
            labels, _, meaning = rest.partition(": ")
            label, _, opposite = labels.partition(" | ")
            found[part, term] = Entry(label, meaning, opposite)
    return found


def _entry(kind: str, term: str, language: str = ENGLISH) -> Entry:
    if kind == "within":
        number, unit = span_parts(term)
        said = _glossary(language)["unit", unit]
        return _phrase("within", language, f"{number} {said.opposite if number > 1 else said.label}")
    return _written(kind, term, language)


def _phrase(name: str, language: str, *words: str) -> Entry:
    """An entry that is made from other words: both its name and its meaning may hold them."""
    entry = _glossary(language)["phrase", name]
    return Entry(entry.label.format(*words), entry.meaning.format(*words))


def _written(kind: str, term: str, language: str) -> Entry:
    """The entry of a term; a compound term (`payer_disclosure:employer`, `ordinary.identity`) is led to its parts."""
    part = _PART.get(kind, kind)
    known = _glossary(language)
    head, colon, rest = term.partition(":")
    if (part, term) in known:
        return known[part, term]
    if part == "purpose" and term.startswith("other."):
        return _phrase("aim", language, term.removeprefix("other."))
    if part == "condition" and rest:
        return _entry({"consent": "choice", "chosen": "choice", "platform": "platform"}[head], rest, language)
    if part == "need":
        return _need(head, rest, term, language)
    if part == "choice" and colon:
        return _about(_entry(part, head, language), _parameter(head, rest, language))
    return known[part, term.rpartition(".")[2]]


def _need(head: str, rest: str, term: str, language: str) -> Entry:
    if head == "agreement_terms":
        entry = _entry("term", rest, language)
        return Entry(_phrase("promise", language, entry.label).label, entry.meaning)
    if term.startswith("k>="):
        return _about(_entry("need", "k", language), _phrase("least", language, term.removeprefix("k>=")).label)
    return _entry("choice", term, language)


def _about(entry: Entry, what: str) -> Entry:
    return Entry(f"{entry.label} ({what})", entry.meaning)


def _parameter(choice: str, word: str, language: str) -> str:
    kinds = {"block_purpose": "purpose", "withhold": "data"}
    return word if choice == "other_purpose" else label(kinds.get(choice, "recipient"), word, language)


def term_words(kind: str, term: str, language: str = ENGLISH) -> str:
    """What a term means, in one short line. `kind` is an anchor's (`do`, `to`, `if` …) or a part of the glossary.

    >>> term_words("to", "provider")
    'suppliers bound to follow our directions'
    """
    return _entry(kind, term, language).meaning


def label(kind: str, term: str, language: str = ENGLISH) -> str:
    """The short name of a term, as it stands in sentences. A condition by itself leaves its parameter open.

    >>> label("within", "72h"), label("within", "72h", "fr")
    ('within 72 hours', 'sous 72 heures')
    """
    said = _entry(kind, term, language).label
    return said.format(_LEFT_OPEN[term]) if "{}" in said else said


_LEFT_OPEN = {
    "consent": "your yes", "chosen": "it", "term": "a term", "k": "so many", "identity": "proven", "context": "then",
    "platform": "our systems have checked it",
}  # fmt: skip


def literal_words(literal: Literal) -> str:
    """A condition in words, as it must hold."""
    entry = _entry("condition", literal.atom)
    said = entry.label if literal.wanted else entry.opposite
    if "{}" in said:
        return said.format(_parameter_words(literal.atom, literal.parameter))
    if literal.atom == "tool" and literal.parameter:
        return f"the transfer tool {'is' if literal.wanted else 'is not'} {label('tool', literal.parameter)}"
    return said


_PARAMETER_PART = {"chosen": "choice", "platform": "platform", "term": "term", "context": "context"}
_PER = {"recipient": "for this recipient", "source": "for this source", "purpose": "for this aim"}


def _parameter_words(atom: str, parameter: str) -> str:
    if atom == "consent":
        return _consent_words(parameter)
    return label(_PARAMETER_PART[atom], parameter) if atom in _PARAMETER_PART else parameter


def _consent_words(parameter: str) -> str:
    kind, _, per = parameter.partition(" per ")
    if kind == "opt_in":
        return "the yes that such data asks for"
    return f"{label('choice', kind)}, {_PER[per]}" if per else label("choice", kind)


def condition_words(condition: Condition) -> str:
    """`a and b, or c`."""
    return ", or ".join(" and ".join(literal_words(literal) for literal in way) for way in condition)


def sentence(rule: Rule) -> str:
    """A rule as a sentence, made from its sets and conditions alone."""
    said = _LEAD[rule.kind](rule)
    if rule.unless != NEVER:
        said += f", unless {condition_words(rule.unless)}"
    if rule.then:
        said += "; then " + listed([duty_words(duty) for duty in rule.then], "and")
    return said[0].upper() + said[1:] + "."


def _permit(rule: Rule) -> str:
    only = "" if rule.when == ALWAYS else f", only if {condition_words(rule.when)}"
    return f"{_who(rule.box)} may {_act(rule.box)}{only}"


def _forbid(rule: Rule) -> str:
    when = "" if rule.when == ALWAYS else f", if {condition_words(rule.when)}"
    return f"{_may_not(rule.box)} {_act(rule.box)}{when}"


def _require(rule: Rule) -> str:
    when = "" if rule.when == ALWAYS else f"if {condition_words(rule.when)}, "
    if rule.need == ALWAYS:
        return f"{when}{_who(rule.box)} who may {_act(rule.box)} must add what follows"
    return f"{when}{_may_not(rule.box)} {_act(rule.box)}, unless {condition_words(rule.need)}"


def _reach(rule: Rule) -> str:
    return f"nobody but {_who(rule.box)} may {_act(rule.box)}"


_LEAD = {
    RuleKind.PERMIT: _permit,
    RuleKind.FORBID: _forbid,
    RuleKind.REQUIRE: _require,
    RuleKind.CONTROL: _require,
    RuleKind.REACH: _reach,
    RuleKind.CHOICE: _forbid,
}


def duty_words(duty: Obligation) -> str:
    """An obligation in words, with its time or measure."""
    said = label("obligation", duty.name)
    return f"{said} ({duty.parameter.replace('_', ' ')})" if duty.parameter else said


def _who(box: Box) -> str:
    return "anyone" if box.actors == ROLE.everything else _named("role", ROLE, box.actors)


def _may_not(box: Box) -> str:
    return "nobody may" if box.actors == ROLE.everything else f"{_who(box)} may not"


def _act(box: Box) -> str:
    """What is done, with what, and how it moves; an axis that is left open is not mentioned."""
    done = f"{_done(box.actions)} {_named('data', CATEGORY, box.leaves)}"
    if box.fields is not None:
        done += f" within {label('data', 'emergency_minimum')}"
    parts = [
        (" about ", "relation", RELATION, box.relations),
        (" together with ", "data", CATEGORY, box.beside or CATEGORY.everything),
        (" to ", "recipient", RECIPIENT, box.recipients),
        (" from ", "recipient", RECIPIENT, box.sources),
        (", for ", "purpose", PURPOSE, box.purposes),
        (", ", "channel", CHANNEL, box.channels),
        (", ", "context", CONTEXT, box.contexts),
    ]
    return done + "".join(
        lead + _named(kind, axis, mask) for lead, kind, axis, mask in parts if mask != axis.everything
    )


def _done(actions: int) -> str:
    if actions == ACTION.everything:
        return label("action", "any")
    return listed(label("action", word) for word in ACTION.leaves_in(actions))


def _named(kind: str, axis: Axis, mask: int) -> str:
    return listed(label(kind, name) for name in axis.names_in(mask))


def listed(words: Iterable[str], last_link: str = "or") -> str:
    *most, last = words
    return f"{', '.join(most)} {last_link} {last}" if most else last
