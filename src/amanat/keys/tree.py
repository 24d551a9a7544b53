"""Wrapping and unwrapping along the tree: epoch root → bucket → subject, and epoch root → months and a company's own.

Pure of SQL: rows come in and go out as bytes. Each wrapping is bound to company, parent and child, so a wrapped key
moved to another row opens nothing.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID

from amanat.crypto.binding import bind
from amanat.crypto.seal import key_id_of, seal, unseal
from amanat.crypto.secret import SecretKey, new_key
from amanat.keys.cache import KeyCache
from amanat.keys.escrow import Escrow
from amanat.keys.opening import open_provider
from amanat.keys.provider import EpochRoot, KeyProvider

BUCKET_SIZE = 64


@dataclass(frozen=True, slots=True)
class WrappedBucket:
    """A bucket key's row."""

    id: UUID
    company: str
    epoch: int
    wrapped: bytes

    @property
    def key_id(self) -> int:
        return self.id.int >> 96


@dataclass(frozen=True, slots=True)
class SubjectKeys:
    """A person's two keys, unwrapped for the length of one unit."""

    subject: UUID
    company: str
    key_id: int
    data: SecretKey
    history: SecretKey


@dataclass(frozen=True, slots=True)
class WrappedSubject:
    """A person's key row."""

    subject: UUID
    company: str
    bucket: WrappedBucket
    key_id: int
    data: bytes
    history: bytes


class KeyTree:
    """The tree over one provider. Unwrapped keys live at most a minute, keyed by their wrapped bytes."""

    def __init__(self, provider: KeyProvider, escrow: Escrow) -> None:
        self.provider, self.escrow = provider, escrow
        self._cache = KeyCache()

    def _root(self, company: str) -> EpochRoot:
        """The newest root: under it everything new is wrapped."""
        return self.provider.load_root(company)

    def wrap_under_root(self, company: str, place: bytes, key: SecretKey) -> tuple[int, bytes]:
        """A key sealed under the newest root, as (epoch, wrapped)."""
        root = self._root(company)
        return root.epoch, seal(root.key, root.epoch, key.raw, place)

    def _open_under_root(self, company: str, place: bytes, wrapped: bytes) -> SecretKey:
        """A wrapped key names the epoch of its root: during a turn there are two."""
        root = self.provider.load_root(company, key_id_of(wrapped))
        return SecretKey(unseal(root.key, wrapped, place))

    def new_bucket(self, company: str, bucket: UUID) -> tuple[WrappedBucket, SecretKey]:
        key = new_key()
        return WrappedBucket(bucket, company, *self.wrap_under_root(company, bucket_place(company, bucket), key)), key

    def open_bucket(self, row: WrappedBucket) -> SecretKey:
        return self._cache.get(
            row.wrapped, lambda: self._open_under_root(row.company, bucket_place(row.company, row.id), row.wrapped)
        )

    def new_subject(self, subject: UUID, bucket: WrappedBucket) -> tuple[WrappedSubject, SubjectKeys]:
        keys = SubjectKeys(subject, bucket.company, 1, new_key(), new_key())
        return self.wrap_subject(keys, bucket, self.open_bucket(bucket)), keys

    def wrap_subject(self, keys: SubjectKeys, bucket: WrappedBucket, parent: SecretKey) -> WrappedSubject:
        """A person's keys sealed under `parent`, the key of their bucket."""
        return WrappedSubject(
            keys.subject,
            bucket.company,
            bucket,
            keys.key_id,
            seal(parent, bucket.key_id, keys.data.raw, _binding("data", keys.subject, bucket)),
            seal(parent, bucket.key_id, keys.history.raw, _binding("history", keys.subject, bucket)),
        )

    def open_subject(self, row: WrappedSubject) -> SubjectKeys:
        return SubjectKeys(
            row.subject,
            row.company,
            row.key_id,
            self._open_child("data", row.data, row),
            self._open_child("history", row.history, row),
        )

    def _open_child(self, use: str, wrapped: bytes, row: WrappedSubject) -> SecretKey:
        def unwrap() -> SecretKey:
            parent = self.open_bucket(row.bucket)
            return SecretKey(unseal(parent, wrapped, _binding(use, row.subject, row.bucket)))

        return self._cache.get(wrapped, unwrap)

    def new_company_key(self, company: str, use: str, version: int) -> tuple[int, bytes]:
        """A fresh key for the company's own use, as (epoch, wrapped)."""
        return self.wrap_under_root(company, company_place(company, use, version), new_key())

    def open_company_key(self, company: str, use: str, version: int, wrapped: bytes) -> SecretKey:
        return self._cache.get(
            wrapped, lambda: self._open_under_root(company, company_place(company, use, version), wrapped)
        )

    def new_period(self, company: str, leaf: int, month: int) -> tuple[int, bytes]:
        """A fresh key for what expires in a month, as (epoch, wrapped)."""
        return self.wrap_under_root(company, period_place(company, leaf, month), new_key())

    def open_period(self, company: str, leaf: int, month: int, wrapped: bytes) -> SecretKey:
        return self._cache.get(
            wrapped, lambda: self._open_under_root(company, period_place(company, leaf, month), wrapped)
        )

    def begin_company(self, company: str) -> None:
        """Make the first epoch root of a company that has none; an existing one is never touched."""
        self.escrow.keep(company, self.provider.begin_root(company))


def bucket_place(company: str, bucket: UUID) -> bytes:
    """What a bucket's wrapped key is tied to; the next two say it for a company's own key and a month's."""
    return bind("bucket", company, bucket)


def company_place(company: str, use: str, version: int) -> bytes:
    return bind("company", company, use, version)


def period_place(company: str, leaf: int, month: int) -> bytes:
    return bind("period", company, leaf, month)


def _binding(use: str, subject: UUID, bucket: WrappedBucket) -> bytes:
    return bind(use, bucket.company, subject, bucket.id)


def key_tree() -> KeyTree:
    """The tree of this process, over the configured provider."""
    from django.conf import settings  # noqa: PLC0415  (settings are read when the first key is needed)

    return _tree_over(settings.HOME.keys)


@cache
def _tree_over(folder: Path) -> KeyTree:
    return KeyTree(open_provider(folder), Escrow(folder / "escrow"))


def forget_trees() -> None:
    """Let this process open its keys anew, under a provider that was replaced."""
    _tree_over.cache_clear()
