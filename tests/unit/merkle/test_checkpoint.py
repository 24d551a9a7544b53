"""Notes and checkpoints follow C2SP; expected signatures come from the specification and from PyNaCl."""

import pytest

from amanat.errors import MalformedError
from amanat.merkle.checkpoint import Checkpoint, open_checkpoint, parse_decimal, sign_checkpoint
from amanat.merkle.note import NoteError, Signer, VerifierKey, decode_base64, open_note, sign_note
from amanat.merkle.tree import EMPTY_ROOT

EXAMPLE_KEY = VerifierKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
EXAMPLE_TEXT = "This is an example message.\n"
EXAMPLE_SIGNATURE = (
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
EXAMPLE = EXAMPLE_TEXT + "\n" + EXAMPLE_SIGNATURE
STRANGER = "— witness.example AAAAAGFueXRoaW5n\n"

SINGAPORE = Signer("ledger.amanat.example/ama-sg", bytes(range(32)))
ZURICH = Signer("ledger.amanat.example/ama-ch", bytes(32))
EMPTY_LOG = Checkpoint(SINGAPORE.name, 0, EMPTY_ROOT)
EMPTY_LOG_NOTE = """\
ledger.amanat.example/ama-sg
0
47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=

— ledger.amanat.example/ama-sg \
KDrqo+IEDjxDUxWsf6C0rJ725EaNzuh3wrbqRHtcqme5tugt00Q2NOzKIsm/YO5zxhPe2VMVCuo8DzCsgjKT0IvqZQs=
"""


def test_the_example_of_the_specification_opens() -> None:
    assert open_note(EXAMPLE, [EXAMPLE_KEY]) == (EXAMPLE_TEXT, [EXAMPLE_KEY])


def test_a_note_gets_the_known_signature() -> None:
    assert sign_checkpoint(EMPTY_LOG, SINGAPORE) == EMPTY_LOG_NOTE
    assert str(SINGAPORE.verifier) == (
        "ledger.amanat.example/ama-sg+283aeaa3+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
    )


def test_a_verifier_key_reads_back_as_written() -> None:
    assert VerifierKey.parse(str(ZURICH.verifier)) == ZURICH.verifier


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com/foo",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+BOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3Q==",
        "example com+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ],
)
def test_a_verifier_key_that_does_not_hold_together_is_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        VerifierKey.parse(text)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "line\nbreak", "no\u00a0break", "bell\x07"])
def test_a_name_that_would_break_a_signature_line_is_refused(name: str) -> None:
    with pytest.raises(MalformedError):
        Signer(name, bytes(32))


def test_a_signing_key_never_shows_its_seed() -> None:
    assert repr(ZURICH) == "Signer(name='ledger.amanat.example/ama-ch')"
    with pytest.raises(MalformedError):
        Signer("short", bytes(31))


def test_signatures_by_unknown_keys_are_skipped() -> None:
    note = EXAMPLE_TEXT + "\n" + STRANGER * 8 + EXAMPLE_SIGNATURE + STRANGER * 7
    assert open_note(note, [ZURICH.verifier, EXAMPLE_KEY]) == (EXAMPLE_TEXT, [EXAMPLE_KEY])


def test_a_name_or_an_id_alone_does_not_make_a_key_known() -> None:
    same_name = EXAMPLE_SIGNATURE.replace("Uw2Q", "AAAA")
    same_id = EXAMPLE_SIGNATURE.replace("/foo", "/bar")
    open_note(EXAMPLE_TEXT + "\n" + same_name + same_id + EXAMPLE_SIGNATURE, [EXAMPLE_KEY])
    with pytest.raises(NoteError, match="trusted"):
        open_note(EXAMPLE_TEXT + "\n" + same_name + same_id, [EXAMPLE_KEY])


def test_one_bad_signature_of_a_known_key_spoils_a_note_with_good_ones() -> None:
    forged = sign_note("Another message.\n", ZURICH).split("\n\n")[1]
    with pytest.raises(NoteError, match="ama-ch"):
        open_note(EXAMPLE + forged, [EXAMPLE_KEY, ZURICH.verifier])
    with pytest.raises(NoteError):
        open_note(EXAMPLE + EXAMPLE_SIGNATURE.replace("aQM=", "aQI="), [EXAMPLE_KEY])


@pytest.mark.parametrize("keys", [[], [ZURICH.verifier]])
def test_a_note_without_a_trusted_signature_is_refused(keys: list[VerifierKey]) -> None:
    with pytest.raises(NoteError, match="trusted"):
        open_note(EXAMPLE, keys)


def test_the_last_blank_line_separates_text_and_signatures() -> None:
    text = "first part\n\nsecond part\n\n— a line that only looks like a signature\n"
    note = sign_note(text, SINGAPORE, ZURICH)
    assert open_note(note, [ZURICH.verifier, SINGAPORE.verifier])[0] == text


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        "\n\n",
        EXAMPLE_TEXT,
        EXAMPLE_TEXT + "\n",
        EXAMPLE_TEXT + EXAMPLE_SIGNATURE,
        EXAMPLE[:-1],
        EXAMPLE + "\n",
        EXAMPLE.replace("—", "-"),
        EXAMPLE.replace("\n", "\r\n"),
        EXAMPLE.replace("an example", "an\texample"),
        EXAMPLE.replace("foo Uw", "foo  Uw"),
        EXAMPLE.replace("aQM=\n", "aQM= \n"),
        EXAMPLE.replace("aQM=", "aQM"),
        EXAMPLE.replace("aQM=", "aQN="),
        EXAMPLE + "— witness.example AAAA\n",
        EXAMPLE + "— witness.example AAAAAA==\n",
        EXAMPLE + "— witness+example AAAAAGFueXRoaW5n\n",
        EXAMPLE + "witness.example\n",
        "\ud800" + EXAMPLE,
        EXAMPLE + STRANGER * 64,
        "x" * 1_000_001 + EXAMPLE,
    ],
)
def test_a_note_of_another_form_is_refused(note: str) -> None:
    with pytest.raises(NoteError):
        open_note(note, [EXAMPLE_KEY])


@pytest.mark.parametrize("text", ["no newline", "bell\x07\n"])
def test_a_text_that_cannot_be_a_note_is_not_signed(text: str) -> None:
    with pytest.raises(MalformedError):
        sign_note(text, SINGAPORE)
    with pytest.raises(MalformedError):
        sign_note("text\n")


def test_a_signed_checkpoint_opens() -> None:
    checkpoint = Checkpoint(SINGAPORE.name, 20_852_163, bytes(range(32)))
    note = sign_checkpoint(checkpoint, SINGAPORE, ZURICH)
    assert open_checkpoint(note, [SINGAPORE.verifier]) == checkpoint


def test_one_company_cannot_speak_for_the_log_of_another() -> None:
    with pytest.raises(MalformedError):
        sign_checkpoint(EMPTY_LOG, ZURICH, SINGAPORE)
    forged = sign_note(str(EMPTY_LOG), ZURICH)
    with pytest.raises(NoteError, match="not by the log"):
        open_checkpoint(forged, [SINGAPORE.verifier, ZURICH.verifier])


def test_a_foreign_log_may_sign_under_a_name_unlike_its_origin() -> None:
    checkpoint = Checkpoint("log.example - 42", 0, EMPTY_ROOT)
    note = sign_note(str(checkpoint), ZURICH)
    assert open_checkpoint(note, [ZURICH.verifier], origin="log.example - 42") == checkpoint
    with pytest.raises(NoteError):
        open_checkpoint(note, [ZURICH.verifier], origin="log.example - 43")


def test_extension_lines_are_allowed_and_ignored() -> None:
    note = sign_note(f"{EMPTY_LOG}extension\n", SINGAPORE)
    assert open_checkpoint(note, [SINGAPORE.verifier]) == EMPTY_LOG


ROOT = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "log\n1\n",
        f"log\n1\n{ROOT}",
        f"\n1\n{ROOT}\n",
        f"log\n01\n{ROOT}\n",
        f"log\n-1\n{ROOT}\n",
        f"log\n+1\n{ROOT}\n",
        f"log\n1_0\n{ROOT}\n",
        f"log\n\u0661\n{ROOT}\n",
        f"log\n1 \n{ROOT}\n",
        f"log\n{10**18}\n{ROOT}\n",
        f"log\n1\n{ROOT[4:]}\n",
        f"log\n1\n{ROOT[:-2]}V=\n",
        f"log\n1\n{ROOT}\n\n",
        f"log\n1\n{ROOT}\n\nmore\n",
    ],
)
def test_a_text_that_is_not_exactly_a_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        Checkpoint.parse(text)


def test_numbers_and_base64_have_one_spelling() -> None:
    assert parse_decimal("0") == 0
    assert decode_base64("QQ==") == b"A"
    for other in ("QR==", "QQ=", "QQ", "QQ==\n", " QQ==", "Q-==", "QQ==QQ==", "\u00e4AA="):
        with pytest.raises(NoteError):
            decode_base64(other)
