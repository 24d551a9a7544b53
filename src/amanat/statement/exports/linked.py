"""What the two exports as linked data share: the head of a document, the head of a rule, and reading them back.

Only what we wrote ourselves is read back, as JSON; any other graph is refused.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from amanat.policy.interpreter import Policy
from amanat.policy.rule import Rule, RuleKind
from amanat.statement.compile import Statement
from amanat.statement.exports.concepts import Node, address, concepts
from amanat.statement.exports.form import Fact, FormError, RuleForm, rule_of, rules_digest
from amanat.statement.words import sentence

MAX_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Form:
    """One export as linked data: where it holds what permits and what stops, and how it writes and reads a rule."""

    permits: str
    stops: str
    write: Callable[[Rule, str], Node]
    read: Callable[[Node], RuleForm]


def write(context: Node, head: Node, more: list[Node]) -> str:
    document = {"@context": context, "@graph": [head, *more, *concepts()]}
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def shapes_text() -> str:
    """The SHACL shapes that both exports keep to."""
    return (files("amanat") / "statement" / "exports" / "shapes.ttl").read_text(encoding="utf-8")


def head_of(statement: Statement) -> Node:
    """What a document says of the statement itself."""
    return {
        "@id": address(statement),
        "dct:title": statement.name,
        "dct:valid": {"@value": statement.effective, "@type": "xsd:date"},
        "owl:versionInfo": statement.version,
        "digest": statement.digest,
        "rules": rules_digest(_in_file_order(statement.policy.rules)),
    }


def head_of_rule(rule: Rule, base: str) -> Node:
    """Who a rule is: its id, the clause that people are shown, its kind and its sentence."""
    return {
        "@id": f"{base}#{rule.id}",
        "kind": f"amanat:kind/{rule.kind.value}",
        "line": rule.line,
        "dct:identifier": rule.section,
        "dct:description": {"@value": sentence(rule), "@language": "en"},
    }


def rules_of(statement: Statement, form: Form) -> Node:
    """The rules written out, under the keys of the form."""
    base = address(statement)
    written = [(rule.kind is RuleKind.PERMIT, form.write(rule, base)) for rule in statement.policy.rules]
    return {
        form.permits: [node for permits, node in written if permits],
        form.stops: [node for permits, node in written if not permits],
    }


def read(data: bytes, form: Form) -> Policy:
    """The policy in a document of ours. A rule that says more, less or other than we would write is refused."""
    if len(data) > MAX_BYTES:
        raise FormError(f"an exported statement has at most {MAX_BYTES} bytes")
    try:
        head = json.loads(data)["@graph"][0]
        rules = [_rule(form, node, head["@id"]) for key in (form.permits, form.stops) for node in head[key]]
        version, digest, sealed = head["owl:versionInfo"], head["digest"], head["rules"]
    except (KeyError, IndexError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise FormError(f"this is no export of ours: {type(error).__name__} {str(error)[:60]}") from None
    if any((rule.kind is RuleKind.PERMIT) is not (place < len(head[form.permits])) for place, rule in enumerate(rules)):
        raise FormError("a permit stands among the prohibitions, or the reverse")
    if rules_digest(_in_file_order(rules)) != sealed:
        raise FormError("something in the rules was lost or changed", hint="export the statement anew")
    return Policy(_in_file_order(rules), str(version), str(digest))


def _in_file_order(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    return tuple(sorted(rules, key=lambda rule: (rule.line, rule.id)))


def _rule(form: Form, node: Node, base: str) -> Rule:
    rule = rule_of(form.read(node))
    if _meaning(form.write(rule, base)) != _meaning(node):
        raise FormError(f"rule `{rule.id}` is not written as we write it")
    return rule


def _meaning(node: Node) -> Node:
    """All but the sentence, whose words may change from version to version."""
    return {key: value for key, value in node.items() if key != "dct:description"}


def identity(node: Node) -> tuple[str, str, int]:
    """The id, the kind and the line of a rule."""
    return node["@id"].rpartition("#")[2], node["kind"].removeprefix("amanat:kind/"), int(node["line"])


def fact_of(text: str, *, wanted: bool, cites: str) -> Fact:
    atom, _, parameter = text.partition(" ")
    return Fact(atom, parameter, wanted, cites)


def texts(value: Any) -> tuple[str, ...]:
    """A list of texts; anything else is an error."""
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise FormError("there is something else where a list of words should be")
    return tuple(value)


def without_nothing(node: Mapping[str, Any]) -> Node:
    return {key: value for key, value in node.items() if value not in ([], None)}
