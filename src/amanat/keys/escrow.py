"""Escrow: each company's root is sealed, by machine, for a recovery key whose private half five people hold in shares.

Any three of them bring it back where the provider key is lost; two learn nothing. The private half is made from a seed
of 16 random bytes, exists only while shares are dealt or brought together, and is never written. A root's sealed copy
goes with the root: whoever kept an older one could open what was erased since.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from Crypto.Protocol.SecretSharing import Shamir
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from amanat.crypto.binding import bind
from amanat.crypto.derive import hkdf
from amanat.crypto.seal import SealError
from amanat.crypto.sealedbox import open_box, seal_to
from amanat.crypto.secret import KEY_LENGTH, SecretKey, new_key
from amanat.database.home import make_private_folder
from amanat.errors import ConflictError, MalformedError
from amanat.keys import private_file
from amanat.keys.errors import KeyUnavailableError
from amanat.keys.provider import EpochRoot

HOLDERS, NEEDED = 5, 3
SEED_LENGTH, CHECK_LENGTH = 16, 4
_FORM = "amanat-share-1"


class SharesError(MalformedError):
    """Shares that do not bring the recovery key back."""


@dataclass(frozen=True, slots=True)
class Escrow:
    """The folder with the recovery key's public half, and one sealed root per company: `<company>.<epoch>.root`."""

    folder: Path

    @property
    def begun(self) -> bool:
        return self._public_path().exists()

    def begin(self) -> list[str]:
        """Make the recovery key and give its five shares, once: nobody can ask for them again."""
        if self.begun:
            raise ConflictError(f"{self._public_path()} is there already", hint="renew it, which deals new shares")
        make_private_folder(self.folder)
        seed = new_key().raw[:SEED_LENGTH]
        private_file.create(self._public_path(), _public(_private(seed)))
        return [_written(number, share) for number, share in Shamir.split(NEEDED, HOLDERS, seed)]

    def renew(self) -> list[str]:
        """Deal shares of a new recovery key, and let go of all that was sealed for the old one: seal the roots anew."""
        for path in (*self.folder.glob("*.root"), self._public_path()):
            private_file.destroy(path)
        return self.begin()

    def keep(self, company: str, root: EpochRoot) -> None:
        """Seal a root for the recovery key, if there is one, and let go of the company's older ones."""
        if not self.begun:
            return
        public = private_file.read(self._public_path())
        path = self.folder / f"{company}.{root.epoch}.root"
        private_file.replace(path, seal_to(public, root.key.raw, _place(company, root.epoch)))

    def forget_before(self, company: str, epoch: int) -> None:
        """Overwrite and remove the sealed roots of a company's older epochs."""
        for path in self.folder.glob(f"{company}.*.root"):
            if _named(path) < (company, epoch):
                private_file.destroy(path)

    def epochs(self) -> dict[str, list[int]]:
        """Which roots of which company are kept."""
        kept: dict[str, list[int]] = {}
        for company, epoch in sorted(map(_named, self.folder.glob("*.root"))):
            kept.setdefault(company, []).append(epoch)
        return kept

    def recover(self, shares: Sequence[str]) -> dict[str, EpochRoot]:
        """The newest root of each company, from three or more shares. Raises `SharesError` if they do not fit."""
        private = self._bring_together(shares)
        return {company: self._open(private, company, epochs[-1]) for company, epochs in self.epochs().items()}

    def _bring_together(self, shares: Sequence[str]) -> SecretKey:
        read = dict(map(_read, shares))
        if len(read) < NEEDED:
            raise SharesError(f"{NEEDED} different shares are needed; these are {len(read)}")
        private = _private(Shamir.combine(list(read.items())[:NEEDED]))
        if _public(private) != private_file.read(self._public_path()):
            raise SharesError("these shares are not of the recovery key in use", hint="they may be of an older one")
        return private

    def _open(self, private: SecretKey, company: str, epoch: int) -> EpochRoot:
        path = self.folder / f"{company}.{epoch}.root"
        try:
            return EpochRoot(epoch, SecretKey(open_box(private, private_file.read(path), _place(company, epoch))))
        except SealError:
            raise KeyUnavailableError(f"{path} is damaged or of another company", hint="take another copy") from None

    def _public_path(self) -> Path:
        return self.folder / "recovery.public"


def _place(company: str, epoch: int) -> bytes:
    return bind("escrow", company, epoch)


def _named(path: Path) -> tuple[str, int]:
    company, epoch, _ = path.name.split(".")
    return company, int(epoch)


def _private(seed: bytes) -> SecretKey:
    """Shares carry 16 bytes, as strong as the curve; the curve's key is made from them."""
    return SecretKey(hkdf(SecretKey(seed + bytes(KEY_LENGTH - len(seed))), b"amanat recovery key"))


def _public(private: SecretKey) -> bytes:
    return X25519PrivateKey.from_private_bytes(private.raw).public_key().public_bytes_raw()


def _written(number: int, share: bytes) -> str:
    """A share for paper: form, number, hexadecimal in groups, and a check that finds a slip of the pen."""
    digits = (share + _check(number, share)).hex()
    return f"{_FORM} {number} " + "-".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def _read(text: str) -> tuple[int, bytes]:
    form, number, *groups = [*text.split(), "", ""]
    try:
        body = bytes.fromhex("".join(groups).replace("-", ""))
        place, share = int(number), body[:SEED_LENGTH]
    except ValueError:
        raise SharesError("this is not a share", hint=f"one begins with {_FORM}") from None
    if form != _FORM or not 0 < place <= HOLDERS or body[SEED_LENGTH:] != _check(place, share):
        raise SharesError(f"share {number[:2]} was not copied as it was dealt", hint="look at it again")
    return place, share


def _check(number: int, share: bytes) -> bytes:
    return hashlib.sha256(bytes([number]) + share).digest()[:CHECK_LENGTH]
