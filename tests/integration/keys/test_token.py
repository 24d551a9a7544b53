"""A provider in a PKCS#11 token, proven with SoftHSM: what a key in a file promises, and the key never leaves."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from amanat.crypto.seal import SealError, key_id_of
from amanat.custody.facts import Ask
from amanat.custody.keykeeping import deal_shares, recover_keys
from amanat.custody.unit import unit
from amanat.database.home import Home
from amanat.errors import ConflictError, MalformedError
from amanat.keys.errors import KeyUnavailableError
from amanat.keys.opening import create_provider, open_provider, provider_exists
from amanat.keys.provider import FileProvider
from amanat.keys.token import LABEL, Token, TokenProvider
from amanat.keys.tree import key_tree
from amanat.keys.turn import turn
from stage.databases import AsLogin
from stage.group import Group

LIBRARIES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so")
LIBRARY = next((path for path in LIBRARIES if Path(path).exists()), "")
PROGRAM = shutil.which("softhsm2-util") or ""
pytestmark = pytest.mark.skipif(not (LIBRARY and PROGRAM), reason="SoftHSM is not installed: apt-get install softhsm2")
PIN = "a pin of a test"


@pytest.fixture(scope="module")
def softhsm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tokens in a folder of their own. The library reads its settings once in a process, so this serves the module."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    (folder / "pin").write_text(PIN + "\n")
    (folder / "pin").chmod(0o600)
    for label in ("amanat", "other", "untried"):
        subprocess.run(
            [PROGRAM, "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", PIN],
            check=True, capture_output=True,
        )  # fmt: skip
    return folder


@pytest.fixture
def named(softhsm: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("AMANAT_KEYS_PIN", str(softhsm / "pin"))
    monkeypatch.setenv("AMANAT_KEYS", f"pkcs11:{LIBRARY}?token=amanat")
    return "amanat"


@pytest.fixture
def provider(named: str, tmp_path: Path) -> TokenProvider:
    made = create_provider(tmp_path / "keys")
    assert isinstance(made, TokenProvider)
    return made


def test_roots_are_sealed_by_the_token_and_open_in_another_provider_of_it(provider: TokenProvider) -> None:
    root = provider.begin_root("ama-sg")
    assert [path.name for path in provider.folder.iterdir()] == ["ama-sg.epoch"], "no key in a file"
    assert root.key.raw not in (provider.folder / "ama-sg.epoch").read_bytes()
    assert open_provider(provider.folder).load_root("ama-sg") == root
    assert provider_exists(provider.folder)


def test_the_key_cannot_be_read_out_and_is_made_once(provider: TokenProvider) -> None:
    import pkcs11  # noqa: PLC0415

    with provider.token.session() as session:
        key = provider.token.key(session)
        assert key.label == LABEL
        with pytest.raises(pkcs11.exceptions.PKCS11Error):
            key[pkcs11.Attribute.VALUE]
    with pytest.raises(ConflictError):
        provider.token.make_key()


def test_a_turn_goes_through_the_token(provider: TokenProvider) -> None:
    first = provider.begin_root("ama-sg")
    following = provider.prepare_root("ama-sg")
    assert provider.prepare_root("ama-sg") == following == provider.load_root("ama-sg")
    assert provider.load_root("ama-sg", first.epoch) == first
    provider.retire_root("ama-sg", first.epoch)
    provider.retire_root("ama-sg", first.epoch)
    assert provider.load_root("ama-sg") == following
    with pytest.raises(KeyUnavailableError):
        provider.load_root("ama-sg", first.epoch)


def test_a_wrapped_key_opens_for_its_purpose_alone_and_unaltered(provider: TokenProvider) -> None:
    blob = provider.wrap("accounts", bytes(32))
    assert provider.unwrap("accounts", blob) == bytes(32)
    with pytest.raises(SealError):
        provider.unwrap("escrow", blob)
    for position in range(len(blob)):
        altered = bytearray(blob)
        altered[position] ^= 1
        with pytest.raises((SealError, KeyUnavailableError)):
            provider.unwrap("accounts", bytes(altered))


def test_another_token_does_not_open_it_and_says_so(provider: TokenProvider) -> None:
    provider.begin_root("ama-sg")
    other = TokenProvider.create(provider.folder, Token(LIBRARY, "other"))
    with pytest.raises(KeyUnavailableError, match="not sealed by the token other"):
        other.load_root("ama-sg")


def test_the_blob_has_the_form_of_every_other(provider: TokenProvider, tmp_path: Path) -> None:
    """So that what opens a key in a file could open it, had it the token's key."""
    blob = provider.wrap("accounts", bytes(32))
    beside = FileProvider.create(tmp_path / "file").wrap("accounts", bytes(32))
    assert (blob[0], len(blob)) == (beside[0], len(beside))
    assert key_id_of(blob) != key_id_of(beside)


def test_a_missing_token_a_wrong_pin_and_a_bad_name_are_said(
    provider: TokenProvider, softhsm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(KeyUnavailableError, match="nowhere cannot be used"):
        Token(LIBRARY, "nowhere").has_key()
    with pytest.raises(KeyUnavailableError, match="cannot be used"):
        Token("/nonexistent.so", "amanat").has_key()
    monkeypatch.setenv("AMANAT_KEYS", "pkcs11:?token=")
    with pytest.raises(MalformedError, match="AMANAT_KEYS"):
        open_provider(provider.folder)
    (softhsm / "wrong").write_text("no pin")
    (softhsm / "wrong").chmod(0o600)
    monkeypatch.setenv("AMANAT_KEYS_PIN", str(softhsm / "wrong"))
    with pytest.raises(KeyUnavailableError, match="PinIncorrect"):
        Token(LIBRARY, "untried").has_key()
    monkeypatch.delenv("AMANAT_KEYS_PIN")
    with pytest.raises(MalformedError, match="AMANAT_KEYS_PIN"):
        Token(LIBRARY, "untried").has_key()


def test_a_process_begun_from_another_opens_a_session_of_its_own(provider: TokenProvider) -> None:
    root = provider.begin_root("ama-sg")
    child = os.fork()
    if child == 0:
        try:
            same = provider.load_root("ama-sg") == root
        finally:
            os._exit(0 if same else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_an_installation_moves_from_a_file_to_a_token_by_its_escrow(
    group: Group, softhsm: Path, as_login: AsLogin, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the guide has it: deal shares, name the token, recover. The file that is left opens nothing any more."""
    with as_login("worker"):
        shares = deal_shares()
    before = key_tree().provider.load_root("ama-ch")
    monkeypatch.setenv("AMANAT_KEYS_PIN", str(softhsm / "pin"))
    monkeypatch.setenv("AMANAT_KEYS", f"pkcs11:{LIBRARY}?token=amanat")
    with as_login("owner"):
        recover_keys(shares[2:])
    assert isinstance(key_tree().provider, TokenProvider)
    assert key_tree().provider.load_root("ama-ch") == before
    with unit(group.actor("basil"), "eligibility") as one:
        handle = one.ask(Ask("view", ("policy_number",), "eligibility"), [group.amina])
    assert handle.values(group.amina) == {"policy_number": "OX-1001"}
    with as_login("worker"):
        assert turn("ama-ch").state == "done"
    with pytest.raises(KeyUnavailableError):
        FileProvider(home.keys).load_root("ama-ch")
