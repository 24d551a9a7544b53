"""The top of the key tree: who holds the provider key, and the one root that each company has at a time.

A provider wraps small keys and keeps each company's epoch root outside the database and its backups. It is the
seam for a hardware token or a cloud key service; `FileProvider` needs nothing but a private folder.
"""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from amanat.crypto.binding import bind
from amanat.crypto.derive import hkdf
from amanat.crypto.seal import SealError, key_id_of, seal, unseal
from amanat.crypto.secret import KEY_LENGTH, SecretKey, new_key
from amanat.database.home import make_private_folder
from amanat.errors import ConflictError, MalformedError
from amanat.keys import private_file
from amanat.keys.errors import KeyUnavailableError

EPOCH_LENGTH = 8
NEXT = "next"
RESTORE = "restore it from the key backup"
_COMPANY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class EpochRoot:
    """The root key of a company, and the number of the epoch it serves."""

    epoch: int
    key: SecretKey


class KeyProvider(Protocol):
    """What every provider can do. Each verb raises `KeyUnavailableError` if the provider cannot be used."""

    def wrap(self, purpose: str, key: bytes) -> bytes:
        """Seal a key; it opens again only for the same purpose."""

    def unwrap(self, purpose: str, blob: bytes) -> bytes:
        """Open what `wrap` sealed; raises `SealError` if it was altered or wrapped for another purpose."""

    def begin_root(self, company: str) -> EpochRoot:
        """Make the first root of a company that has none; one that exists is given back untouched."""

    def store_root(self, company: str, root: bytes, *, replaces: int, epoch: int = 0) -> EpochRoot:
        """Make `root` the company's only root and forget the one of epoch `replaces` (0: there is none yet).

        It gets the next number, or `epoch` where it comes back from escrow. Raises `ConflictError`, and changes
        nothing, if the company's epoch is not the one to be replaced.
        """

    def prepare_root(self, company: str) -> EpochRoot:
        """Make the next root beside the company's root, durably; one that is there already is given back."""

    def next_epoch(self, company: str) -> int:
        """The number of the root that follows, whether it is prepared already or not."""

    def retire_root(self, company: str, epoch: int) -> None:
        """Let the next root take the place of the one of `epoch`, which is forgotten; again, this does nothing."""

    def load_root(self, company: str, epoch: int = 0) -> EpochRoot:
        """Give the company's root of `epoch`; without it the newest, under which everything new is wrapped."""

    def companies(self) -> list[str]:
        """Those that have a root."""

    def destroy_root(self, company: str) -> None:
        """Forget the company's root for good; once it is gone this does nothing."""


@dataclass(frozen=True, slots=True)
class RootFolder(ABC):
    """The roots of all companies in a folder, as `<company>.epoch`, sealed under whatever key the provider holds.

    During a turn the root that will follow stands beside it, as `<company>.next`.
    """

    folder: Path

    @abstractmethod
    def _seal(self, content: bytes, associated: bytes) -> bytes:
        """Seal under the provider key."""

    @abstractmethod
    def _unseal(self, blob: bytes, associated: bytes, what: str) -> bytes:
        """Open what `_seal` sealed; `what` names it in an error."""

    def wrap(self, purpose: str, key: bytes) -> bytes:
        return self._seal(key, bind("wrap", purpose))

    def unwrap(self, purpose: str, blob: bytes) -> bytes:
        return self._unseal(blob, bind("wrap", purpose), "this wrapped key")

    def begin_root(self, company: str) -> EpochRoot:
        with private_file.alone_in(self.folder):
            if self._root_path(company).exists():
                return self.load_root(company)
            return self._write_root(company, EpochRoot(1, new_key()))

    def store_root(self, company: str, root: bytes, *, replaces: int, epoch: int = 0) -> EpochRoot:
        key = SecretKey(root)
        with private_file.alone_in(self.folder):
            current = self.load_root(company).epoch if self._root_path(company).exists() else 0
            if current != replaces:
                raise ConflictError(f"the root of {company} is of epoch {current}, not {replaces}; it was kept")
            return self._write_root(company, EpochRoot(epoch or current + 1, key))

    def prepare_root(self, company: str) -> EpochRoot:
        with private_file.alone_in(self.folder):
            following = self._root_path(company, NEXT)
            if following.exists():
                return self._read_root(company, following)
            return self._write_root(company, EpochRoot(self.load_root(company).epoch + 1, new_key()), NEXT)

    def next_epoch(self, company: str) -> int:
        return self._read_root(company, self._root_path(company)).epoch + 1

    def retire_root(self, company: str, epoch: int) -> None:
        with private_file.alone_in(self.folder):
            following, current = self._root_path(company, NEXT), self._read_root(company, self._root_path(company))
            if not following.exists():
                return
            newer = self._read_root(company, following)
            if current.epoch == epoch:
                self._write_root(company, newer)
            private_file.destroy(following)

    def load_root(self, company: str, epoch: int = 0) -> EpochRoot:
        following = self._root_path(company, NEXT)
        if epoch == 0 and following.exists():
            return self._read_root(company, following)
        root = self._read_root(company, self._root_path(company))
        if epoch > root.epoch and following.exists():
            root = self._read_root(company, following)
        if epoch not in (0, root.epoch):
            raise KeyUnavailableError(f"the root of {company} is of epoch {root.epoch}; that of {epoch} is not here")
        return root

    def companies(self) -> list[str]:
        return sorted(path.stem for path in self.folder.glob("*.epoch"))

    def _read_root(self, company: str, path: Path) -> EpochRoot:
        try:
            content = self._unseal(private_file.read(path), bind("epoch", company), str(path))
        except SealError:
            raise SealError(f"{path} is damaged or of another company", hint=RESTORE) from None
        return EpochRoot(int.from_bytes(content[:EPOCH_LENGTH], "big"), SecretKey(content[EPOCH_LENGTH:]))

    def destroy_root(self, company: str) -> None:
        with private_file.alone_in(self.folder):
            private_file.destroy(self._root_path(company, NEXT))
            private_file.destroy(self._root_path(company))

    def _write_root(self, company: str, root: EpochRoot, kind: str = "epoch") -> EpochRoot:
        content = root.epoch.to_bytes(EPOCH_LENGTH, "big") + root.key.raw
        private_file.replace(self._root_path(company, kind), self._seal(content, bind("epoch", company)))
        return root

    def _root_path(self, company: str, kind: str = "epoch") -> Path:
        if not _COMPANY.fullmatch(company):
            raise MalformedError("a company code is lower-case letters and digits, joined by hyphens")
        return self.folder / f"{company}.{kind}"


@dataclass(frozen=True, slots=True)
class FileProvider(RootFolder):
    """A provider that is a file: `provider.key`, in the folder of the roots that are sealed under it.

    The provider key is read at each use, so a process stops opening data as soon as the file is taken away.
    """

    def __post_init__(self) -> None:
        self._key()

    @classmethod
    def create(cls, folder: Path) -> "FileProvider":
        """Make the provider key, once in the life of an installation.

        Refuses where a key is already, and where roots are that an earlier key sealed: a new key beside them
        would look like a working provider and open nothing.
        """
        make_private_folder(folder)
        path = _key_path(folder)
        with private_file.alone_in(folder):
            if path.exists():
                raise ConflictError(f"{path} is there already", hint="use it as it is")
            if any(path.suffix in (".epoch", ".next") for path in folder.iterdir()):
                raise KeyUnavailableError(f"{path} is missing, but the roots it sealed are there", hint=RESTORE)
            private_file.create(path, new_key().raw)
        return cls(folder)

    def _seal(self, content: bytes, associated: bytes) -> bytes:
        key = self._key()
        return seal(key, _id_of(key), content, associated)

    def _unseal(self, blob: bytes, associated: bytes, what: str) -> bytes:
        key = self._key()
        if key_id_of(blob) != _id_of(key):
            raise KeyUnavailableError(
                f"{what} was not sealed with the key in {_key_path(self.folder)}",
                hint="that file belongs to another installation: restore the right one from the key backup",
            )
        return unseal(key, blob, associated)

    def _key(self) -> SecretKey:
        private_file.check_folder(self.folder)
        path = _key_path(self.folder)
        raw = private_file.read(path)
        if len(raw) != KEY_LENGTH:
            raise KeyUnavailableError(f"{path} is not a provider key", hint=RESTORE)
        return SecretKey(raw)


def _key_path(folder: Path) -> Path:
    return folder / "provider.key"


def _id_of(key: SecretKey) -> int:
    """Recognise a key without revealing it, so that a foreign one is told apart from a damaged blob."""
    return int.from_bytes(hkdf(key, b"amanat provider key id", 4), "big")
