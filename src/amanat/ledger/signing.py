"""The signing key of each company's log, and the last checkpoint it signed, in `$AMANAT_HOME/ledger`.

`<company>.key` is made once and never replaced: a second key would make two logs of one. `<company>.pub` is what
others verify with. `<company>.checkpoint` stands outside the database, so a database put back to an earlier day
cannot make the log sign a second history.
"""

import os
import re
import secrets

from amanat.database.home import Home, locked, write_private_file
from amanat.errors import MalformedError, UnavailableError
from amanat.merkle.checkpoint import Checkpoint, open_checkpoint
from amanat.merkle.note import ED25519, KEY_LENGTH, Signer, VerifierKey, decode_base64, encode_base64

DEFAULT_PREFIX = "amanat.example/ledger"
_COMPANY = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_KEY = re.compile(r"PRIVATE\+KEY\+([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)\n")


class LogKeyError(UnavailableError):
    """The signing key of this log cannot be used."""


def begin_log(home: Home, company: str) -> Signer:
    """The company's signer, made now if there is none. Its name, `<AMANAT_LOG_ORIGIN>/<company>`, stays for ever."""
    path = home.ledger / f"{_checked(company)}.key"
    with locked(home.ledger / ".lock"):
        if not path.exists():
            origin = f"{os.environ.get('AMANAT_LOG_ORIGIN') or DEFAULT_PREFIX}/{company}"
            made = Signer(origin, secrets.token_bytes(KEY_LENGTH))
            write_private_file(home.ledger / f"{company}.pub", f"{made.verifier}\n")
            write_private_file(path, _written(made))
    return load_signer(home, company)


def load_signer(home: Home, company: str) -> Signer:
    """Read the key; a missing, damaged or foreign one is an error that says how to mend it."""
    path = home.ledger / f"{_checked(company)}.key"
    try:
        found = _KEY.fullmatch(path.read_text(encoding="ascii"))
    except OSError as error:
        raise LogKeyError(
            f"the signing key of the log of {company} cannot be read: {path}: {error.strerror}",
            hint="put the file back from the key backup; a new key would start a second history",
        ) from error
    signer = Signer(found[1], decode_base64(found[3])[1:]) if found else None
    if found is None or signer is None or signer.verifier.id.hex() != found[2]:
        raise LogKeyError(f"{path} is damaged", hint="put the file back from the key backup")
    return signer


def public_keys(home: Home) -> dict[str, VerifierKey]:
    """The exported key of each company that has a log here."""
    return {path.stem: read_public_key(path.read_text(encoding="ascii")) for path in sorted(home.ledger.glob("*.pub"))}


def read_public_key(text: str) -> VerifierKey:
    return VerifierKey.parse(text.strip())


def keep_checkpoint(home: Home, company: str, note: str) -> None:
    """Remember, outside the database, what was signed last."""
    write_private_file(home.ledger / f"{_checked(company)}.checkpoint", note)


def kept_checkpoint(home: Home, company: str, key: VerifierKey) -> Checkpoint | None:
    """What was signed last, as this folder remembers it."""
    path = home.ledger / f"{_checked(company)}.checkpoint"
    return open_checkpoint(path.read_text(encoding="utf-8"), [key]) if path.exists() else None


def _written(signer: Signer) -> str:
    return f"PRIVATE+KEY+{signer.name}+{signer.verifier.id.hex()}+{encode_base64(ED25519 + signer.seed)}\n"


def _checked(company: str) -> str:
    # SECURITY: the code becomes a file name and a line of a signed text.
    if not _COMPANY.fullmatch(company):
        raise MalformedError("a company code has small letters, digits and hyphens, 32 at most")
    return company
