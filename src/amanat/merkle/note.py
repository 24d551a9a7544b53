"""Signed notes with Ed25519, after C2SP signed-note: a text, a blank line, and who stands behind it.

Signatures by keys that are not known are skipped, so that keys can change and witnesses can add theirs. A bad
signature by a known key spoils the whole note.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from amanat.errors import IntegrityError, MalformedError

ED25519 = b"\x01"
KEY_LENGTH = 32
KEY_ID_LENGTH = 4
# Against floods. The format asks verifiers to take at least 16 signatures, some perhaps of 5 kB.
MAX_SIGNATURES = 64
MAX_NOTE_LENGTH = 1_000_000

_CONTROL_CHARACTER = re.compile(r"[\x00-\x09\x0b-\x1f]")
_KEY_NAME = re.compile(r"[^\s+]+")
_SIGNATURE_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)")
_VERIFIER_KEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")


class NoteError(IntegrityError):
    """The note is not signed by a key that is trusted here, or was altered after signing."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key and the name it signs under; its text form is `name+id+base64`."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.public) != KEY_LENGTH:
            raise MalformedError(f"the public key of {self.name} does not have {KEY_LENGTH} bytes")

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        parts = _VERIFIER_KEY.fullmatch(text)
        typed_key = decode_base64(parts[3]) if parts else b""
        if not parts or typed_key[:1] != ED25519:
            raise MalformedError("a verifier key has the form name+id+base64, of type Ed25519")
        key = cls(parts[1], typed_key[1:])
        if key.id.hex() != parts[2]:
            raise MalformedError(f"the id in the verifier key of {key.name} is not that of its key")
        return key

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:KEY_ID_LENGTH]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{encode_base64(ED25519 + self.public)}"

    def verify(self, text: str, signature: bytes) -> None:
        """Raise `NoteError` unless `signature` is this key's, over exactly `text`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            raise NoteError(f"the signature by {self.name} is not valid for this text") from None


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key (its 32-byte seed) and the name it signs under."""

    name: str
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.seed) != KEY_LENGTH:
            raise MalformedError(f"the signing key of {self.name} does not have {KEY_LENGTH} bytes")

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, self._private().public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """Give the signature line over `text`."""
        signature = self._private().sign(text.encode())
        return f"— {self.name} {encode_base64(self.verifier.id + signature)}\n"

    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def sign_note(text: str, *signers: Signer) -> str:
    """Put the signature of each signer under `text`, which ends in a newline."""
    if not signers or not text.endswith("\n") or _CONTROL_CHARACTER.search(text):
        raise MalformedError("a note is text without control characters, ends in a newline and has a signer")
    return text + "\n" + "".join(signer.sign(text) for signer in signers)


def open_note(note: str, keys: Iterable[VerifierKey]) -> tuple[str, list[VerifierKey]]:
    """Give the text of a note and those of `keys` that signed it: at least one, and none of them falsely.

    Raises `NoteError`. Nothing in a note may be believed, nor shown as if it were, before it came from here.
    """
    text, signatures = _split_note(note)
    known = {(key.name, key.id): key for key in keys}
    signed_by = []
    for name, signature in signatures:
        key = known.get((name, signature[:KEY_ID_LENGTH]))
        if key:
            key.verify(text, signature[KEY_ID_LENGTH:])
            signed_by.append(key)
    if not signed_by:
        raise NoteError("no signature on the note is by a key that is trusted here")
    return text, signed_by


def encode_base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def decode_base64(text: str) -> bytes:
    """Decode standard base64 in its one canonical spelling; raises `NoteError` for any other."""
    try:
        content = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise NoteError("there is something that is not base64 where base64 should be") from None
    # SECURITY: the decoder ignores spare bits in the last letter; two spellings must not mean one thing.
    if encode_base64(content) != text:
        raise NoteError("there is base64 in an unusual spelling")
    return content


def _split_note(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    _check_characters(note)
    # The text may hold blank lines of its own: the last one separates.
    body, blank, tail = note.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise NoteError("the note does not end in a blank line and signature lines")
    lines = tail[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise NoteError(f"the note has more than {MAX_SIGNATURES} signatures")
    return body + "\n", [_parse_signature(line) for line in lines]


def _check_characters(note: str) -> None:
    if len(note) > MAX_NOTE_LENGTH or _CONTROL_CHARACTER.search(note):
        raise NoteError("the note is too long or holds control characters")
    try:
        note.encode()
    except UnicodeEncodeError:
        raise NoteError("the note is not valid Unicode") from None


def _parse_signature(line: str) -> tuple[str, bytes]:
    parts = _SIGNATURE_LINE.fullmatch(line)
    signature = decode_base64(parts[2]) if parts else b""
    if not parts or len(signature) <= KEY_ID_LENGTH:
        raise NoteError("a signature line of the note does not have the agreed form")
    return parts[1], signature


def _check_name(name: str) -> None:
    if not _KEY_NAME.fullmatch(name) or _CONTROL_CHARACTER.search(name):
        raise MalformedError("the name of a key is not empty and has no space, plus or control character")
