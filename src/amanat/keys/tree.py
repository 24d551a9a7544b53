"""Wrapping and unwrapping along the tree: epoch root → bucket → subject, and epoch root → a company's own keys.

Pure of SQL: rows come in and go out as bytes. Each wrapping is bound to company, parent and child, so a wrapped key
moved to another row opens nothing.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID

from amanat.crypto.binding import bind
from amanat.crypto.seal import seal, unseal
from amanat.crypto.secret import SecretKey, new_key
from amanat.keys.cache import KeyCache
from amanat.keys.provider import EpochRoot, FileProvider, KeyProvider

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

    def __init__(self, provider: KeyProvider) -> None:
        self._provider = provider
        self._cache = KeyCache()

    def _root(self, company: str) -> EpochRoot:
        return self._provider.load_root(company)

    def new_bucket(self, company: str, bucket: UUID) -> tuple[WrappedBucket, SecretKey]:
        root, key = self._root(company), new_key()
        wrapped = seal(root.key, root.epoch, key.raw, bind("bucket", company, bucket))
        return WrappedBucket(bucket, company, root.epoch, wrapped), key

    def open_bucket(self, row: WrappedBucket) -> SecretKey:
        return self._cache.get(row.wrapped, lambda: self._unwrap_bucket(row))

    def _unwrap_bucket(self, row: WrappedBucket) -> SecretKey:
        return SecretKey(unseal(self._root(row.company).key, row.wrapped, bind("bucket", row.company, row.id)))

    def new_subject(self, subject: UUID, bucket: WrappedBucket) -> tuple[WrappedSubject, SubjectKeys]:
        parent, data, history = self.open_bucket(bucket), new_key(), new_key()
        wrapped = WrappedSubject(
            subject,
            bucket.company,
            bucket,
            1,
            seal(parent, bucket.key_id, data.raw, _binding("data", subject, bucket)),
            seal(parent, bucket.key_id, history.raw, _binding("history", subject, bucket)),
        )
        return wrapped, SubjectKeys(subject, bucket.company, 1, data, history)

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
        root = self._root(company)
        return root.epoch, seal(root.key, root.epoch, new_key().raw, bind("company", company, use, version))

    def open_company_key(self, company: str, use: str, version: int, wrapped: bytes) -> SecretKey:
        def unwrap() -> SecretKey:
            return SecretKey(unseal(self._root(company).key, wrapped, bind("company", company, use, version)))

        return self._cache.get(wrapped, unwrap)

    def begin_company(self, company: str) -> None:
        """Make the first epoch root of a company that has none; an existing one is never touched."""
        self._provider.begin_root(company)


def _binding(use: str, subject: UUID, bucket: WrappedBucket) -> bytes:
    return bind(use, bucket.company, subject, bucket.id)


def key_tree() -> KeyTree:
    """The tree of this process, over the configured provider."""
    from django.conf import settings  # noqa: PLC0415  (settings are read when the first key is needed)

    return _tree_over(settings.HOME.keys)


@cache
def _tree_over(folder: Path) -> KeyTree:
    return KeyTree(FileProvider(folder))
