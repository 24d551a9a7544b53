"""The reference of the exports is true: its examples are what is written, and its programs run."""

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from amanat.policy.rule import RuleKind
from amanat.statement.compile import Statement, load_statement
from amanat.statement.exports.canonical import Exported, canonical
from amanat.statement.exports.cedar import cedar_policies
from amanat.statement.exports.dpv import dpv
from amanat.statement.exports.form import form_of
from amanat.statement.exports.odrl import odrl
from amanat.statement.exports.signature import sign
from stage.rules import policy_of

REFERENCE = (Path(__file__).parents[2] / "docs" / "reference" / "exports.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", REFERENCE, re.DOTALL)


@pytest.fixture(scope="module")
def example() -> Statement:
    """The statement whose only rule is the one of the reference."""
    (rule,) = blocks("rule")
    return Statement(**(vars(load_statement("ama")) | {"version": "1.0.0", "policy": policy_of(rule)}))


def the_permit(text: str, key: str) -> Any:
    (rule,) = json.loads(text)["@graph"][0][key]
    return rule


def test_the_examples_are_what_is_written(example: Statement) -> None:
    canonical_rule, in_dpv, in_odrl = blocks("json")
    assert canonical_rule.strip().encode() == msgspec.json.encode(form_of(example.policy.rules[0]), order="sorted")
    assert json.loads(in_dpv) == the_permit(dpv(example), "dpv:hasPermission")
    assert json.loads(in_odrl) == the_permit(odrl(example), "permission")
    (in_cedar,) = blocks("cedar")
    assert in_cedar in cedar_policies(example.policy)


def test_every_key_of_the_canonical_form_is_described() -> None:
    table = REFERENCE[REFERENCE.index("## json") : REFERENCE.index("A rule:")]
    assert set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.+?) \|", table, re.MULTILINE)))) == {
        one.name for one in msgspec.structs.fields(Exported)
    }


def test_every_kind_of_rule_stands_in_the_table_of_cedar() -> None:
    table = REFERENCE[REFERENCE.index("| rule | Cedar |") : REFERENCE.index("Two policies frame")]
    first = "".join(re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE))
    assert set(re.findall(r"`(\w+)`", first)) == {kind.value for kind in RuleKind}


def test_the_programs_run_as_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    data = canonical(load_statement("ama"))
    (tmp_path / "ama.json").write_bytes(data)
    (tmp_path / "ama.json.sig").write_bytes(sign(data, pem))
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "key.pub").write_bytes(public)
    monkeypatch.chdir(tmp_path)
    programs = blocks("python")
    assert len(programs) == 3
    for program in programs:
        exec(compile(program, "exports.md", "exec"), {})  # noqa: S102  # our own page, run as a reader would
