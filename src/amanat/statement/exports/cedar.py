"""A compiled statement as Cedar policies: one policy per rule, asked of one datum at a time.

A permit is a `permit`; every other kind is a `forbid`, since in Cedar, too, a stop outweighs a permit. What was checked
outside the request (consents, agreements, the glass …) reaches Cedar as names in `context.holds`. Obligations, needs,
`ask` and `glass` are more than Cedar says: it tells permit from not-permit, and which rules decided.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from amanat.policy.interpreter import DEFAULT, SCOPE, Policy
from amanat.policy.rule import ALWAYS, NEVER, Box, Condition, Conjunction, Literal, Rule, RuleKind
from amanat.statement.exports.cedar_request import ACTION_TYPE, NOTHING, TYPES, uid_text
from amanat.statement.exports.form import fact_text
from amanat.statement.words import sentence
from amanat.vocabulary.terms import ACTION, CATEGORY, CONTEXT

_MOVES = ("disclose", "transfer")
_TAKES = ("collect", "receive")


@dataclass(frozen=True, slots=True)
class Unsaid:
    """A rule that Cedar has no words for, and why."""

    rule: str
    reason: str


def cedar_policies(policy: Policy) -> str:
    """The policies as Cedar text; `@id` is the rule's id, `@clause` the clause that people are shown."""
    gaps = unsaid(policy)
    left_out = {one.rule for one in gaps}
    head = _HEAD.format(version=policy.version, digest=policy.digest)
    notes = [f"// Not said: {one.rule}, because {one.reason}.\n" for one in gaps]
    said = [_policy(rule) for rule in policy.rules if rule.id not in left_out]
    return "\n".join([head, *notes, *said, *_FRAME])


def unsaid(policy: Policy) -> tuple[Unsaid, ...]:
    """The rules that stand in no Cedar policy."""
    return tuple(Unsaid(rule.id, reason) for rule in policy.rules if (reason := _gap(rule)))


def _gap(rule: Rule) -> str:
    if rule.kind not in _SAID:
        return f"Cedar has nothing like a rule of kind {rule.kind.value}"
    if rule.kind is RuleKind.REQUIRE and _met_wherever_asked(rule):
        return "it stops nothing and only adds obligations, which Cedar does not have"
    return ""


def _met_wherever_asked(rule: Rule) -> bool:
    """Whether each way in which a requirement applies holds already what it asks."""
    return all(any(set(asked) <= set(way) for asked in rule.need) for way in rule.when)


_HEAD = """// Statement version {version}, SHA-256 {digest}
// One request asks for one datum. What was checked beforehand stands in context.holds.
"""

# What holds of every request and stands in no rule: the platform decides for its own site, and a request names who
# does what, for what, and where data comes from or goes to.
_FRAME = (
    f"""@id("{SCOPE}")
@clause("{SCOPE}")
forbid (principal, action, resource)
when {{ context.foreign }};
""",
    f"""@id("{DEFAULT}")
@clause("{DEFAULT}")
forbid (principal, action, resource)
unless {{
  principal != {uid_text("Role", NOTHING)} &&
  action != {uid_text(ACTION_TYPE, NOTHING)} &&
  context has purpose &&
  (!(action in [Action::"disclose", Action::"transfer"]) || context has recipient) &&
  (action != Action::"receive" || context has source)
}};
""",
)


def _policy(rule: Rule) -> str:
    effect = "permit" if rule.kind is RuleKind.PERMIT else "forbid"
    unless = _SAID[rule.kind](rule)
    when = list(_tests(rule))
    lines = [
        f"// {sentence(rule)}",
        f"@id({_text(rule.id)})",
        f"@clause({_text(rule.section)})",
        f"{effect} ({_principal(rule)}, {_action(rule.box)}, {_resource(rule.box)})",
        *([_block("when", " &&\n  ".join(when))] if when else []),
        *([_block("unless", unless)] if unless else []),
    ]
    return "\n".join(lines) + ";\n"


def _block(word: str, tests: str) -> str:
    return f"{word} {{\n  {tests}\n}}" if "\n" in tests else f"{word} {{ {tests} }}"


def _reached(rule: Rule) -> str:
    return _within("principal", "Role", rule.box.actors)


# Kind → what lifts the stop; empty for a permit and for a stop that nothing lifts.
_SAID: dict[RuleKind, Callable[[Rule], str]] = {
    RuleKind.PERMIT: lambda _: "",
    RuleKind.FORBID: lambda rule: "" if rule.unless == NEVER else _condition(rule.unless),
    RuleKind.CHOICE: lambda rule: "" if rule.unless == NEVER else _condition(rule.unless),
    RuleKind.REQUIRE: lambda rule: _condition(rule.need),
    RuleKind.CONTROL: lambda rule: _condition(rule.need),
    RuleKind.REACH: _reached,
}


def _principal(rule: Rule) -> str:
    """A rule of reach speaks of everybody: it stops those whom it does not name."""
    return "principal" if rule.kind is RuleKind.REACH else _scope("principal", "Role", rule.box.actors)


def _resource(box: Box) -> str:
    return _scope("resource", "Datum", box.leaves)


def _scope(variable: str, kind: str, mask: int) -> str:
    """A constraint of the head where one name says it all; the rest stands in `when`."""
    return _within(variable, kind, mask) if _by_one_name(kind, mask) else variable


def _action(box: Box) -> str:
    if box.actions == ACTION.everything:
        return "action"
    named = _actions(box)
    if len(named) == 1:
        return f"action == {uid_text(ACTION_TYPE, named[0])}"
    return f"action in {_uids(ACTION_TYPE, named)}"


def _actions(box: Box) -> list[str]:
    return ACTION.leaves_in(box.actions)


def _tests(rule: Rule) -> Iterator[str]:
    """What the head leaves open, the most telling tests first."""
    box = rule.box
    if not _open("Purpose", box.purposes):
        yield _asked("purpose", "Purpose", box.purposes)
    if not (_open("Datum", box.leaves) or _by_one_name("Datum", box.leaves)):
        yield _within("resource", "Datum", box.leaves)
    if not (rule.kind is RuleKind.REACH or _open("Role", box.actors) or _by_one_name("Role", box.actors)):
        yield _within("principal", "Role", box.actors)
    if box.fields is not None:
        yield f"{_uids('Datum', sorted(box.fields))}.contains(resource)"
    yield from _movements(box)
    if not _open("Relation", box.relations):
        yield _within("context.relation", "Relation", box.relations)
    if box.contexts != CONTEXT.everything:
        yield _any("context.contexts", CONTEXT.leaves_in(box.contexts))
    if box.beside:
        yield _any("context.beside", CATEGORY.leaves_in(box.beside))
    if rule.when != ALWAYS and rule.kind is not RuleKind.REACH:
        yield _condition(rule.when) if len(rule.when) == 1 else f"({_condition(rule.when)})"


def _movements(box: Box) -> Iterator[str]:
    """Where data goes, comes from and how: asked of the actions that move it, and of no others."""
    for name, kind, mask, moving in (
        ("recipient", "Party", box.recipients, _MOVES),
        ("source", "Party", box.sources, ("receive",)),
        ("channel", "Channel", box.channels, _TAKES),
    ):
        if not _open(kind, mask):
            test = _asked(name, kind, mask)
            still = set(_actions(box)) - set(moving)
            yield f"(!(action in {_uids(ACTION_TYPE, moving)}) || ({test}))" if still else test


def _open(kind: str, mask: int) -> bool:
    return mask == TYPES[kind].everything


def _by_one_name(kind: str, mask: int) -> bool:
    return not _open(kind, mask) and len(TYPES[kind].cover(mask)) == 1


def _within(subject: str, kind: str, mask: int) -> str:
    names = TYPES[kind].cover(mask)
    if not names:
        return "false"
    return f"{subject} in {uid_text(kind, names[0]) if len(names) == 1 else _uids(kind, names)}"


def _asked(name: str, kind: str, mask: int) -> str:
    return f"context has {name} && {_within(f'context.{name}', kind, mask)}"


def _any(subject: str, words: Iterable[str]) -> str:
    return f"{subject}.containsAny([{', '.join(_text(word) for word in words)}])"


def _uids(kind: str, names: Iterable[str]) -> str:
    return f"[{', '.join(uid_text(kind, name) for name in names)}]"


def _condition(condition: Condition) -> str:
    return " || ".join(_way(way) for way in condition) or "false"


def _way(way: Conjunction) -> str:
    return " && ".join(_literal(literal) for literal in way) or "true"


def _literal(literal: Literal) -> str:
    if literal.atom == "k":
        return f"context.k {'>=' if literal.wanted else '<'} {literal.parameter}"
    held = f"context.holds.contains({_text(fact_text(literal))})"
    return held if literal.wanted else f"!{held}"


def _text(words: str) -> str:
    return json.dumps(words)
