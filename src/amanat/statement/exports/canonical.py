"""A compiled statement as canonical JSON: what a decider needs, and the words of each clause.

Equal statements are equal bytes (RFC 8785: sorted keys, no spaces, UTF-8), so that a signature over them means the
statement itself. Only these very bytes are read back: any other spelling is refused.
"""

import json
from dataclasses import fields
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Literal

import msgspec
from msgspec import Struct

from amanat.policy.interpreter import Policy
from amanat.policy.literals import ATOMS
from amanat.policy.rule import ALWAYS, RuleKind
from amanat.statement import declarations
from amanat.statement.compile import Statement
from amanat.statement.declarations import Declaration
from amanat.statement.exports.form import FormError, RuleForm, Ways, form_of, rule_of, ways_of
from amanat.statement.keys import AXES
from amanat.vocabulary.terms import OBLIGATIONS

FORMAT = 1
MAX_BYTES = 20_000_000
MEDIA_TYPE = "application/vnd.amanat.statement+json"


class Clause(Struct, frozen=True, forbid_unknown_fields=True):
    """A clause as people read it: Markdown with its load-bearing words linked, and the notes below it."""

    id: str
    title: str
    part: str
    text: str
    notes: tuple[tuple[str, str], ...]


class Declared(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a clause declares beside its rules; which keys it has depends on its kind. It takes no part in deciding."""

    kind: Literal["duty", "right", "define", "consequence"]
    id: str
    clause: str
    line: int
    owner: str = ""
    event: str = ""
    within: str = ""
    evidence: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    do: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    need: Ways | None = None
    terms: tuple[tuple[str, str], ...] = ()
    act: str = ""
    choice: str = ""
    stops: tuple[str, ...] = ()
    degrades: tuple[str, ...] = ()
    continues: tuple[str, ...] = ()


class Exported(Struct, frozen=True, forbid_unknown_fields=True):
    """A statement as it is written out. `vocabulary` is the digest of the words that its rules are made of."""

    format: int
    statement: str
    version: str
    effective: str
    digest: str
    vocabulary: str
    clauses: tuple[Clause, ...]
    rules: tuple[RuleForm, ...]
    declarations: tuple[Declared, ...]

    @property
    def policy(self) -> Policy:
        """What the rules mean, ready to decide by."""
        return Policy(tuple(rule_of(rule) for rule in self.rules), self.version, self.digest)


def canonical(statement: Statement) -> bytes:
    """The canonical bytes of a statement."""
    return _bytes(
        Exported(
            FORMAT, statement.name, statement.version, statement.effective, statement.digest, words_digest(),
            tuple(Clause(one.id, one.title, one.part, one.text, tuple(one.notes)) for one in statement.sections),
            tuple(form_of(rule) for rule in statement.policy.rules),
            tuple(_declared(one) for one in statement.declarations),
        )
    )  # fmt: skip


_KINDS: dict[type, Literal["duty", "right", "define", "consequence"]] = {
    declarations.Duty: "duty", declarations.Right: "right", declarations.Definition: "define",
    declarations.Consequence: "consequence",
}  # fmt: skip


def _declared(one: Declaration) -> Declared:
    said: dict[str, Any] = {field.name: getattr(one, field.name) for field in fields(one)}
    if "need" in said:
        said["need"] = ways_of(said["need"], ALWAYS)
    return Declared(_KINDS[type(one)], **said)


def read_canonical(data: bytes) -> Exported:
    """The statement in these bytes; raises `FormError` for any other bytes than `canonical` writes."""
    if len(data) > MAX_BYTES:
        raise FormError(f"an exported statement has at most {MAX_BYTES} bytes")
    try:
        found = msgspec.json.decode(data, type=Exported)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise FormError(f"this is no exported statement: {error}") from None
    if found.format != FORMAT:
        raise FormError(f"format {found.format} is not known here", hint=f"this version reads format {FORMAT}")
    if found.vocabulary != words_digest():
        raise FormError("its rules are made of other words than are known here", hint="use the version that wrote it")
    rules = tuple(form_of(rule_of(rule)) for rule in found.rules)
    if _bytes(msgspec.structs.replace(found, rules=rules)) != data:
        raise FormError("the bytes are not in canonical form", hint="export the statement anew")
    return found


def _bytes(exported: Exported) -> bytes:
    return msgspec.json.encode(exported, order="sorted")


@cache
def words_digest() -> str:
    """SHA-256 over the words of each axis, in their order: a rule that leaves an axis open means all of them."""
    words = {key: axis.leaves for key, (_, axis) in AXES.items()}
    return sha256(json.dumps(words, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def schema_text() -> str:
    """The JSON Schema of the canonical form, as it is shipped."""
    return (files("amanat") / "statement" / "exports" / "statement.schema.json").read_text(encoding="utf-8")


def build_schema() -> dict[str, Any]:
    """The JSON Schema, from the form itself and the closed vocabulary; what is shipped must equal it."""
    schema = msgspec.json.schema(Exported)
    parts = schema["$defs"]
    parts["Exported"]["properties"]["format"] = {"const": FORMAT}
    digest = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    parts["Exported"]["properties"] |= {"digest": digest, "vocabulary": digest}
    rule = parts["RuleForm"]["properties"]
    rule["kind"] = {"enum": [kind.value for kind in RuleKind]}
    rule["box"] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {key: _words(axis.leaves) for key, (_, axis) in AXES.items()},
    }
    parts["Fact"]["properties"]["fact"] = {"enum": list(ATOMS)}
    parts["Duty"]["properties"]["name"] = {"enum": list(OBLIGATIONS)}
    title = "A compiled privacy statement in canonical form"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **schema}


def _words(leaves: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "array", "items": {"enum": list(leaves)}, "minItems": 1, "uniqueItems": True}
