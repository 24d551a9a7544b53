"""The verifier that shares no line with the writer: public vectors, foreign signatures, hostile files."""

import ast
import base64
import json
import random
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from amanat.cli.verify import verify
from amanat.ledger import offline
from amanat.ledger.leaves import leaf_of
from amanat.ledger.offline import UnprovenError, check_consistency, check_inclusion, check_receipt, parse_keys
from amanat.merkle.checkpoint import Checkpoint, sign_checkpoint
from amanat.merkle.note import Signer, encode_base64
from amanat.merkle.receipt import Receipt, write_receipt
from amanat.merkle.tree import consistency_proof, inclusion_proof, leaf_hash, reader_over, root_at

VECTORS = Path(__file__).parents[2] / "vectors" / "merkle"
LOG = Signer("amanat.example/ledger/ama-ch", bytes(range(32)))
ACT = UUID(int=7)
FACTS = {
    "act": str(ACT), "company": "ama-ch", "at": "2026-11-24T03:00:00Z", "action": "view", "purpose": "eligibility",
    "role": "assistance_coordinator", "statement": "5e" * 32, "entry": {"outcome": "permit", "clauses": ["6.1a"]},
}  # fmt: skip


def _cases(kind: str) -> list[Any]:
    return [pytest.param(path, id=str(path.relative_to(VECTORS))) for path in sorted((VECTORS / kind).rglob("*.json"))]


def _load(path: Path) -> dict[str, Any]:
    case: dict[str, Any] = json.loads(path.read_text())
    for member in case.keys() & {"root", "leafHash", "root1", "root2"}:
        case[member] = base64.b64decode(case[member] or "")
    return case | {"proof": [base64.b64decode(one) for one in case["proof"] or []]}


@pytest.mark.parametrize("path", _cases("inclusion"))
def test_a_public_inclusion_vector_is_judged_rightly(path: Path) -> None:
    case = _load(path)
    given = case["leafHash"], case["leafIdx"], case["treeSize"], case["proof"], case["root"]
    if case["wantErr"]:
        with pytest.raises(UnprovenError):
            check_inclusion(*given)
    else:
        check_inclusion(*given)


@pytest.mark.parametrize("path", _cases("consistency"))
def test_a_public_consistency_vector_is_judged_rightly(path: Path) -> None:
    case = _load(path)
    given = case["size1"], case["size2"], case["proof"], case["root1"], case["root2"]
    if case["wantErr"]:
        with pytest.raises(UnprovenError):
            check_consistency(*given)
    else:
        check_consistency(*given)


def test_it_agrees_with_the_writer_on_every_small_tree() -> None:
    leaves = [leaf_hash(b"%d" % number) for number in range(40)]
    read = reader_over(leaves)
    for size in range(1, 41):
        root = root_at(read, size)
        for index in range(size):
            check_inclusion(leaves[index], index, size, inclusion_proof(read, index, size), root)
        for old in range(1, size + 1):
            check_consistency(old, size, consistency_proof(read, old, size), root_at(read, old), root)
            with pytest.raises(UnprovenError):
                check_consistency(old, size, [*consistency_proof(read, old, size), root], root_at(read, old), root)


# RFC 8032, section 7.1: public key, message, signature.
_RFC_8032 = [
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
]  # fmt: skip


@pytest.mark.parametrize(("public", "message", "signature"), _RFC_8032)
def test_the_signatures_of_the_rfc_are_taken(public: str, message: str, signature: str) -> None:
    assert offline._is_signed(bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature))


def test_signatures_by_another_implementation_are_taken_and_altered_ones_are_not() -> None:
    draw = random.Random(8032)  # noqa: S311  # drawn anew alike each time
    for _ in range(20):
        signer = Ed25519PrivateKey.from_private_bytes(draw.randbytes(32))
        public, message = signer.public_key().public_bytes_raw(), draw.randbytes(draw.randrange(80))
        signature = bytearray(signer.sign(message))
        assert offline._is_signed(public, message, bytes(signature))
        signature[draw.randrange(64)] ^= 1 << draw.randrange(8)
        assert not offline._is_signed(public, message, bytes(signature))
        assert not offline._is_signed(public, message + b"x", signer.sign(message))


def test_a_second_spelling_of_a_signature_or_a_key_is_refused() -> None:
    signer = Ed25519PrivateKey.from_private_bytes(bytes(32))
    public, signature = signer.public_key().public_bytes_raw(), signer.sign(b"")
    larger = int.from_bytes(signature[32:], "little") + offline._ORDER
    assert not offline._is_signed(public, b"", signature[:32] + larger.to_bytes(32, "little"))
    assert offline._point((offline._P + 1).to_bytes(32, "little")) is None
    assert offline._point((1 | 1 << 255).to_bytes(32, "little")) is None
    assert offline._point(b"short") is None


def _receipt(*more_signers: str, facts: dict[str, Any] = FACTS, signer: Signer = LOG) -> str:
    committed, told = bytes(32), json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()
    leaves = [leaf_hash(b"%d" % number) for number in range(300)]
    leaves[100] = leaf_hash(leaf_of(ACT, committed, told))
    read = reader_over(leaves)
    note = sign_checkpoint(Checkpoint(signer.name, 300, root_at(read, 300)), signer) + "".join(more_signers)
    return write_receipt(Receipt(100, tuple(inclusion_proof(read, 100, 300)), note, committed + told))


def _cosignature(text: str, name: str, seed: bytes, moment: int = 1_795_000_000) -> tuple[str, str]:
    """A witness's line under a note, and its public key, as another implementation would write them."""
    signer = Ed25519PrivateKey.from_private_bytes(seed)
    typed = b"\x04" + signer.public_key().public_bytes_raw()
    identity = sha256(name.encode() + b"\n" + typed).digest()[:4]
    body = text.partition("\n\n")[2].rpartition("\n\n")[0] + "\n"
    signed = signer.sign(f"cosignature/v1\ntime {moment}\n{body}".encode())
    line = f"— {name} {encode_base64(identity + moment.to_bytes(8, 'big') + signed)}\n"
    return line, f"{name}+{identity.hex()}+{encode_base64(typed)}"


def test_a_receipt_is_proven_with_the_log_s_key_alone() -> None:
    proven = check_receipt(_receipt(), parse_keys(f"{LOG.verifier}\n"))
    assert (proven.facts, proven.index, proven.head.size, proven.head.witnesses) == (FACTS, 100, 300, ())


def test_known_witnesses_are_named_with_their_time_and_unknown_ones_passed_over() -> None:
    known, key = _cosignature(_receipt(), "amanat.example/witness/ama-sg", bytes(32))
    unknown, _ = _cosignature(_receipt(), "elsewhere.example/w", bytes(31) + b"1")
    proven = check_receipt(_receipt(known, unknown), parse_keys(f"{LOG.verifier}\n{key}\n"))
    assert proven.head.witnesses == (("amanat.example/witness/ama-sg", 1_795_000_000),)


def test_a_false_cosignature_by_a_known_witness_spoils_the_receipt() -> None:
    line, key = _cosignature(_receipt(signer=Signer(LOG.name, bytes(32))).replace("300\n", "299\n"), "w", bytes(32))
    with pytest.raises(UnprovenError):
        check_receipt(_receipt(line), parse_keys(f"{LOG.verifier}\n{key}\n"))


def test_a_witness_alone_does_not_speak_for_a_log() -> None:
    line, key = _cosignature(_receipt(), LOG.name, bytes(32))
    with pytest.raises(UnprovenError):
        check_receipt(_receipt(line), parse_keys(key))


def test_every_altered_letter_spoils_a_receipt() -> None:
    text, keys = _receipt(), parse_keys(str(LOG.verifier))
    draw = random.Random(1)  # noqa: S311  # the same
    for at in draw.sample(range(len(text)), 300):
        altered = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        with pytest.raises(UnprovenError):
            check_receipt(altered, keys)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        offline.HEADER,
        f"{offline.HEADER}\nindex 0\n\n",
        f"{offline.HEADER}\nextra !\nindex 0\n\nx\n\n— a AAAA\n",
        f"{offline.HEADER}\nindex 01\n\nx\n\n— a AAAAAAAA\n",
        f"{offline.HEADER}\nindex 0\n\nx\x00\n\n— a AAAAAAAA\n",
    ],
)
def test_what_is_no_receipt_is_refused_in_words(text: str) -> None:
    with pytest.raises(UnprovenError):
        check_receipt(text, parse_keys(str(LOG.verifier)))


def test_a_receipt_of_another_company_s_log_is_refused() -> None:
    with pytest.raises(UnprovenError, match="another company"):
        check_receipt(_receipt(facts=FACTS | {"company": "ama-sg"}), parse_keys(str(LOG.verifier)))


@pytest.mark.parametrize("facts", [{}, {"act": 3}, {"act": "zz"}, {"act": "00"}])
def test_facts_about_no_act_are_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(UnprovenError):
        check_receipt(_receipt(facts=facts), parse_keys(str(LOG.verifier)))


@pytest.mark.parametrize("key", ["x", "a+00000000+AAAA", str(LOG.verifier).replace("+A", "+B"), f"b{LOG.verifier}"])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(UnprovenError):
        parse_keys(key)


def test_the_verifier_imports_the_standard_library_alone() -> None:
    tree = ast.parse(Path(offline.__file__).read_text(encoding="utf-8"))
    named = {one.module or "" for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)}
    named |= {alias.name for one in ast.walk(tree) if isinstance(one, ast.Import) for alias in one.names}
    assert {name.partition(".")[0] for name in named} <= sys.stdlib_module_names


def test_the_command_says_what_is_proven_and_by_whom_it_was_seen(tmp_path: Path) -> None:
    line, witness = _cosignature(_receipt(), "amanat.example/witness/ama-sg", bytes(32))
    receipt, key = tmp_path / "mine.tlog-proof", tmp_path / "keys"
    receipt.write_text(_receipt(line))
    key.write_text(f"{LOG.verifier}\n{witness}\n")
    asked = [str(receipt), "--key", str(key)]
    sound = CliRunner().invoke(verify, [*asked, "--witnesses", "1"])
    assert sound.exit_code == 0
    assert f"valid: act {ACT}" in sound.output
    assert "clauses 6.1a" in sound.output
    assert "seen by amanat.example/witness/ama-sg on 2026-11-1" in sound.output
    assert CliRunner().invoke(verify, [*asked, "--witnesses", "2"]).exit_code == 1
    receipt.write_text(receipt.read_text().replace("index 100", "index 101"))
    refused = CliRunner().invoke(verify, asked)
    assert (refused.exit_code, "not valid" in refused.output) == (1, True)


def test_without_any_key_the_command_asks_for_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMANAT_HOME", str(tmp_path))
    receipt = tmp_path / "mine.tlog-proof"
    receipt.write_text(_receipt())
    refused = CliRunner().invoke(verify, [str(receipt)])
    assert "no public key" in str(refused.exception)
