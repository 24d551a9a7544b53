"""`amanat export`: each form on standard output, its schema, and a signature over just those bytes."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from amanat.cli.export import export
from amanat.statement.compile import load_statement
from amanat.statement.exports.canonical import canonical
from amanat.statement.exports.signature import verify


def out(*words: str, code: int = 0) -> bytes:
    result = CliRunner().invoke(export, words)
    assert result.exit_code == code, result.output
    return result.stdout_bytes


def test_json_is_the_canonical_form_byte_by_byte() -> None:
    assert out("ama") == out("--format", "json", "ama") == canonical(load_statement("ama"))


@pytest.mark.parametrize(
    ("form", "start"), [("cedar", b"// Statement version"), ("dpv", b"{"), ("odrl", b"{")]
)  # fmt: skip
def test_each_form_is_written(form: str, start: bytes) -> None:
    written = out("--format", form, "ama")
    assert written.startswith(start)
    assert written.endswith(b"\n")


@pytest.mark.parametrize(
    ("form", "part", "start"),
    [
        ("json", "schema", b"{"), ("cedar", "schema", b"entity Role"), ("cedar", "entities", b"["),
        ("dpv", "schema", b"# What an export"), ("odrl", "schema", b"# What an export"),
    ],
)  # fmt: skip
def test_each_form_comes_with_what_it_is_checked_against(form: str, part: str, start: bytes) -> None:
    assert out("--format", form, "--part", part, "ama").startswith(start)


def test_a_part_that_a_form_does_not_have_is_a_wrong_call() -> None:
    assert out("--format", "odrl", "--part", "entities", "ama", code=2) == b""


def test_a_signature_is_over_what_the_same_call_prints_without_it(tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    path = tmp_path / "key.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for form in ("json", "odrl"):
        verify(out("--format", form, "ama"), out("--format", form, "--sign", str(path), "ama"), public)
    assert json.loads(out("ama", "--sign", str(path)))["algorithm"] == "Ed25519"


def test_a_faulty_statement_is_not_exported(tmp_path: Path) -> None:
    path = tmp_path / "faulty.md"
    path.write_text("no statement\n", encoding="utf-8")
    assert out(str(path), code=1) == b""
