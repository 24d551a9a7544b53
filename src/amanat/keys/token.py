"""A provider whose key is made in a PKCS#11 token and never leaves it: the token seals and opens the roots.

The roots stay in a folder, as with a key in a file, so a turn destroys the old one at once. A session is opened once
for a process and is used by one thread at a time.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any

from amanat.crypto.seal import HEADER_LENGTH, NONCE_LENGTH, TAG_LENGTH, VERSION, SealError, key_id_of
from amanat.database.home import make_private_folder
from amanat.errors import ConflictError, MalformedError
from amanat.keys import private_file
from amanat.keys.errors import KeyUnavailableError
from amanat.keys.provider import RootFolder

LABEL = "amanat provider key"
_ID_LENGTH = 4


@dataclass(slots=True)
class Token:
    """A token by its library and label. Its PIN is read from the file that `AMANAT_KEYS_PIN` names."""

    library: str
    label: str
    _lock: RLock = field(default_factory=RLock, repr=False)
    _open: tuple[int, Any] | None = field(default=None, repr=False)

    def __hash__(self) -> int:
        return hash((self.library, self.label))

    @contextmanager
    def session(self) -> Iterator[Any]:
        """The session of this process, for one thread at a time."""
        with self._lock, _failing_clearly(self.label):
            if self._open is None or self._open[0] != os.getpid():
                self._open = (os.getpid(), self._begin(forked=self._open is not None))
            yield self._open[1]

    def _begin(self, *, forked: bool) -> Any:
        import pkcs11  # noqa: PLC0415  # an extra, needed with a token alone

        library = pkcs11.lib(self.library)
        if forked:
            library.reinitialize()
        pin = _pin()
        return library.get_token(token_label=self.label).open(rw=True, user_pin=pin)

    def has_key(self) -> bool:
        with self.session() as session:
            return next(iter(_keys(session)), None) is not None

    def make_key(self) -> None:
        """Make the key inside; it can be used there, and by no command be read."""
        import pkcs11  # noqa: PLC0415

        with self.session() as session:
            if next(iter(_keys(session)), None) is not None:
                raise ConflictError(f"the token {self.label} has a key already", hint="use it as it is")
            attribute = pkcs11.Attribute
            kept = {attribute.SENSITIVE: True, attribute.EXTRACTABLE: False}
            session.generate_key(
                pkcs11.KeyType.AES, 256, label=LABEL, id=os.urandom(_ID_LENGTH), store=True, template=kept
            )

    def key(self, session: Any) -> Any:
        found = next(iter(_keys(session)), None)
        if found is None:
            raise KeyUnavailableError(f"the token {self.label} holds no key of ours", hint="restore the token")
        return found


def _pin() -> str:
    if not (path := os.environ.get("AMANAT_KEYS_PIN")):
        raise MalformedError("AMANAT_KEYS names a token and AMANAT_KEYS_PIN no file", hint="name the file of its PIN")
    return private_file.read(Path(path)).decode().strip()


def _keys(session: Any) -> Any:
    import pkcs11  # noqa: PLC0415

    return session.get_objects({pkcs11.Attribute.LABEL: LABEL, pkcs11.Attribute.CLASS: pkcs11.ObjectClass.SECRET_KEY})


@dataclass(frozen=True, slots=True)
class TokenProvider(RootFolder):
    """Roots sealed by a token. The form of a blob is that of `crypto.seal`: a token's AES-GCM gives the same bytes."""

    token: Token

    @classmethod
    def create(cls, folder: Path, token: Token) -> "TokenProvider":
        make_private_folder(folder)
        if not token.has_key():
            token.make_key()
        return cls(folder, token)

    def _seal(self, content: bytes, associated: bytes) -> bytes:
        with self.token.session() as session:
            key = self.token.key(session)
            header = VERSION.to_bytes(1, "big") + bytes(key.id)
            nonce = os.urandom(NONCE_LENGTH)
            return header + nonce + bytes(key.encrypt(content, **_gcm(nonce, header + associated)))

    def _unseal(self, blob: bytes, associated: bytes, what: str) -> bytes:
        import pkcs11.exceptions  # noqa: PLC0415

        named = key_id_of(blob).to_bytes(_ID_LENGTH, "big")
        header, body = blob[:HEADER_LENGTH], HEADER_LENGTH + NONCE_LENGTH
        with self.token.session() as session:
            key = self.token.key(session)
            if key.id != named:
                raise KeyUnavailableError(f"{what} was not sealed by the token {self.token.label}")
            try:
                return bytes(key.decrypt(blob[body:], **_gcm(blob[HEADER_LENGTH:body], header + associated)))
            except pkcs11.exceptions.PKCS11Error:
                raise SealError from None


def _gcm(nonce: bytes, associated: bytes) -> dict[str, Any]:
    import pkcs11  # noqa: PLC0415

    parameters = pkcs11.GCMParams(nonce, associated, TAG_LENGTH * 8)
    return {"mechanism": pkcs11.Mechanism.AES_GCM, "mechanism_param": parameters}


@contextmanager
def _failing_clearly(label: str) -> Iterator[None]:
    try:
        import pkcs11.exceptions  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        raise KeyUnavailableError("tokens need python-pkcs11", hint='pip install "amanat[server,token]"') from missing
    try:
        yield
    except (pkcs11.exceptions.PKCS11Error, RuntimeError) as error:
        raise KeyUnavailableError(f"the token {label} cannot be used: {type(error).__name__}") from error
