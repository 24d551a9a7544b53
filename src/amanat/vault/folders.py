"""Sealing and opening folders. Reading takes a `Permit`; what it does not cover stays sealed."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import IntegrityError as DatabaseIntegrityError
from django.db import connection

from amanat.crypto.binding import bind
from amanat.crypto.derive import part_key
from amanat.crypto.seal import month_of, seal, unseal
from amanat.crypto.secret import SecretKey
from amanat.database.arrays import blobs, integers, texts, uuids
from amanat.errors import ConflictError, IntegrityError
from amanat.keys.tree import SubjectKeys, WrappedBucket, WrappedSubject, key_tree
from amanat.policy.permit import Permit
from amanat.vault import periods as months
from amanat.vault.fields import Value, project
from amanat.vault.keys import SQL
from amanat.vocabulary.terms import CATEGORY, FIELD_LEAF

NO_RECORD = UUID(int=0)

# Which folder a leaf lives in; leaves of one folder share source and retention.
FOLDER_OF: Mapping[str, str] = {
    **dict.fromkeys(CATEGORY.leaves, "core"),
    **dict.fromkeys(("emergency_record", "next_of_kin"), "emergency"),
    **dict.fromkeys(("destinations", "itinerary", "accommodation"), "trip"),
    **dict.fromkeys(("case_log", "call_metadata", "event_location"), "case"),
}


class PermitMismatchError(IntegrityError):
    """A permit was used for another person than it was made for."""


@dataclass(frozen=True, slots=True)
class SealedFolder:
    """A folder as stored: `parts` maps a leaf to its sealed value, `periods` to the wrapped key of the part's month."""

    subject: UUID
    company: str
    folder: str
    record: UUID
    version: int
    parts: Mapping[str, bytes]
    periods: Mapping[str, bytes] = field(default_factory=dict)

    def key_of(self, leaf: str, keys: SubjectKeys) -> SecretKey | None:
        """The key of a part; None where its month is over. A part of the older format has the data key itself."""
        month = month_of(self.parts[leaf])
        if month is None:
            return keys.data
        if (wrapped := self.periods.get(leaf)) is None:
            return None
        period = key_tree().open_period(self.company, months.POSITION[leaf], month, wrapped)
        return part_key(keys.data, period)


@dataclass(frozen=True, slots=True)
class Sealed:
    """One person's keys (still wrapped) and newest folders (still sealed)."""

    keys: WrappedSubject
    folders: tuple[SealedFolder, ...]

    def unwrap(self) -> SubjectKeys:
        return key_tree().open_subject(self.keys)


@dataclass(frozen=True, slots=True)
class OpenFolder:
    """What a permit let out of one folder: word → value, and the version that was read."""

    folder: str
    record: UUID
    version: int
    values: Mapping[str, Value]


def folders_of(words: Iterable[str]) -> list[str]:
    return sorted({FOLDER_OF[FIELD_LEAF.get(word, word)] for word in words})


def fetch_sealed(subjects: Sequence[UUID], words: Iterable[str], record: UUID | None = None) -> dict[UUID, Sealed]:
    """Keys and newest folders of all subjects, in one SELECT. Nothing is unwrapped or opened."""
    with connection.cursor() as cursor:
        cursor.execute(SQL["sealed"], sealed_values(subjects, words, record))
        return sealed_of(cursor.fetchall())


def sealed_values(subjects: Iterable[UUID], words: Iterable[str], record: UUID | None) -> dict[str, Any]:
    """What the query `sealed` asks for."""
    return {"subjects": uuids(subjects), "folders": texts(folders_of(words)), "record": record}


def sealed_of(rows: Iterable[Sequence[Any]]) -> dict[UUID, Sealed]:
    """Each subject's keys and folders, from the rows of the query `sealed`."""
    found: dict[UUID, Sealed] = {}
    for subject, company, key_id, data, history, bucket, epoch, wrapped, *folder in rows:
        keys = WrappedSubject(
            subject, company, WrappedBucket(bucket, company, epoch, bytes(wrapped)), key_id, bytes(data), bytes(history)
        )
        known = found.get(subject, Sealed(keys, ()))
        found[subject] = Sealed(known.keys, known.folders + folders_of_row(subject, company, folder))
    return found


def folders_of_row(subject: UUID, company: str, row: Sequence[Any]) -> tuple[SealedFolder, ...]:
    """The folder in the last columns of a row, if there is one."""
    folder, record, version, categories, parts, wrapped = row
    if folder is None:
        return ()
    leaves = [CATEGORY.leaves[leaf] for leaf in categories]
    named = {leaf: bytes(part) for leaf, part in zip(leaves, parts, strict=True)}
    periods = {leaf: bytes(key) for leaf, key in zip(leaves, wrapped, strict=True) if key is not None}
    return (SealedFolder(subject, company, str(folder), record, version, named, periods),)


def open_sealed(permit: Permit, sealed: Sealed, *, take: frozenset[str]) -> list[OpenFolder]:
    """Open the words of `take` that `permit` covers, and only those.

    Raises `PermitMismatchError` for another person's folders and `SealError` for a broken seal. Words that the person
    has no value for are left out.
    """
    if permit.subject != sealed.keys.subject:
        raise PermitMismatchError
    words = permit.words & take
    keys = sealed.unwrap()
    return [
        OpenFolder(folder.folder, folder.record, folder.version, _open_words(words, folder, keys))
        for folder in sealed.folders
    ]


def _open_words(words: frozenset[str], folder: SealedFolder, keys: SubjectKeys) -> dict[str, Value]:
    leaves = {leaf for word in words if (leaf := FIELD_LEAF.get(word, word)) in folder.parts}
    values = open_parts(keys, folder, leaves)
    projected = {word: project(word, values[leaf]) for word in words if (leaf := FIELD_LEAF.get(word, word)) in values}
    return {word: value for word, value in projected.items() if value not in (None, "")}


def open_parts(keys: SubjectKeys, folder: SealedFolder, leaves: Iterable[str]) -> dict[str, Value]:
    """The values of these leaves; one whose month is over is left out, as if there were none."""
    opening, place = ((leaf, folder.key_of(leaf, keys)) for leaf in leaves), _place_in(folder)
    return {leaf: _decode(unseal(key, folder.parts[leaf], place(leaf))) for leaf, key in opening if key}


def _place_in(folder: SealedFolder) -> Callable[[str], bytes]:
    """Leaf → everything its part is tied to: moved anywhere else, it does not open."""
    before = bind("part", folder.company, folder.subject, folder.folder, folder.record)
    after = bind(folder.version)
    return lambda leaf: before + bind(leaf) + after


def seal_folder(
    keys: SubjectKeys, folder: str, record: UUID, version: int, values: Mapping[str, Value], *,
    until: Mapping[str, date] | None = None, periods: months.Periods | None = None,
) -> SealedFolder:  # fmt: skip
    """Seal each leaf's value on its own, for this exact version of this folder.

    `until` says of a leaf until which day it is kept; one it does not name has no end yet. `periods` are keys that the
    caller has fetched for many folders at once; without them this reads them, in one statement.
    """
    ends = {leaf: months.month_of((until or {}).get(leaf)) for leaf in values}
    given = periods or months.period_keys(keys.company, ends.items())
    frame = SealedFolder(keys.subject, keys.company, folder, record, version, {})
    return replace(frame, parts=seal_parts(keys, frame, values, ends, given))


def seal_parts(
    keys: SubjectKeys, frame: SealedFolder, values: Mapping[str, Value], ends: Mapping[str, int], given: months.Periods
) -> dict[str, bytes]:
    """The values' parts in the place of `frame`, each under the key of the month in which it `ends`."""
    place, key_id = _place_in(frame), keys.key_id
    return {
        leaf: seal(part_key(keys.data, given[leaf, month]), key_id, _encode(value), place(leaf), month=month)
        for leaf, value, month in ((leaf, values[leaf], ends[leaf]) for leaf in sorted(values))
    }


def carry_over(keys: SubjectKeys, old: SealedFolder, leaves: Iterable[str]) -> dict[str, Value]:
    """Values of the old version that a new one keeps, opened only to be sealed again at once."""
    return open_parts(keys, old, (leaf for leaf in leaves if leaf in old.parts))


_write: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_decode: Final = msgspec.json.Decoder().decode


def _encode(value: Value) -> bytes:
    return _write(value).encode()


def row_of(folder: SealedFolder) -> tuple[Any, ...]:
    """The folder as a row of `vault_folder`, for INSERT and COPY alike."""
    categories = [months.POSITION[leaf] for leaf in folder.parts]
    return (
        folder.subject, folder.folder, folder.record, folder.version, folder.company, categories,
        list(folder.parts.values()),
    )  # fmt: skip


COLUMNS = ("subject", "folder", "record", "version", "company", "categories", "parts")


def insert_folder(folder: SealedFolder) -> None:
    """Store one version. Another writer of the same version was first: `ConflictError`, and nothing is stored."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(SQL["insert_folder"], dict(zip(COLUMNS, row_of(folder), strict=True)))
    except DatabaseIntegrityError as error:
        raise ConflictError("this record was changed by somebody else in the meantime") from error


def insert_folders(folders: Sequence[SealedFolder]) -> None:
    """Store many new folders in one statement."""
    values = {
        "subjects": uuids(one.subject for one in folders),
        "folders": texts(one.folder for one in folders),
        "records": uuids(one.record for one in folders),
        "versions": integers(one.version for one in folders),
        "companies": texts(one.company for one in folders),
        "categories": texts(integers(months.POSITION[leaf] for leaf in one.parts) for one in folders),
        "parts": texts(blobs(one.parts.values()) for one in folders),
    }
    with connection.cursor() as cursor:
        cursor.execute(SQL["insert_folders"], values)
