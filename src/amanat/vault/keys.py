"""Where people's keys come from and go: made at enrolment, read beside the folders, dropped with the person.

Whoever makes a key under a root holds the epoch first (`hold_epoch`): a turn waits for them.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from uuid import UUID, uuid4

from django.db import connection

from amanat.crypto.secret import SecretKey
from amanat.database.queries import queries
from amanat.errors import UnavailableError
from amanat.keys.opening import create_provider, provider_exists
from amanat.keys.tree import BUCKET_SIZE, SubjectKeys, WrappedBucket, WrappedSubject, key_tree

SQL = queries("amanat.vault")
# The unwrapped keys of several people, for the length of one unit.
Keyring = Mapping[UUID, SubjectKeys]


class KeyMissingError(UnavailableError):
    """A key that this needs is not there; nothing was read or written."""


def begin_provider(folder: Path) -> None:
    """Make the provider key of a new installation; one that exists is left as it is."""
    if not provider_exists(folder):
        create_provider(folder)


def begin_company(company: str) -> None:
    """Give a new company its epoch root and its own keys. Repeating it changes nothing."""
    tree = key_tree()
    tree.begin_company(company)
    hold_epoch(company)
    with connection.cursor() as cursor:
        for use in ("index", "history"):
            epoch, wrapped = tree.new_company_key(company, use, 1)
            values = {"company": company, "use": use, "version": 1, "epoch": epoch, "wrapped": wrapped}
            cursor.execute(SQL["insert_company_key"], values)


def hold_epoch(company: str) -> None:
    """Let no turn overlook what this transaction is going to wrap under the company's root."""
    with connection.cursor() as cursor:
        cursor.execute(SQL["hold_epoch"], {"company": company})


def enrol(company: str, subjects: Sequence[UUID]) -> dict[UUID, SubjectKeys]:
    """Make and store the keys of new subjects. One at a time fills a started bucket; many start their own."""
    bucket = _roomy_bucket(company) if len(subjects) == 1 else None
    buckets = [bucket] if bucket else _new_buckets(company, len(subjects))
    made = [
        key_tree().new_subject(subject, buckets[position // BUCKET_SIZE]) for position, subject in enumerate(subjects)
    ]
    with connection.cursor() as cursor:
        cursor.execute(SQL["insert_subject_keys"], _columns([row for row, _ in made]))
    return {keys.subject: keys for _, keys in made}


def _columns(rows: Iterable[WrappedSubject]) -> dict[str, list[object]]:
    listed = list(rows)
    return {
        "subjects": [row.subject for row in listed],
        "companies": [row.company for row in listed],
        "buckets": [row.bucket.id for row in listed],
        "key_ids": [row.key_id for row in listed],
        "data": [row.data for row in listed],
        "history": [row.history for row in listed],
    }


def _roomy_bucket(company: str) -> WrappedBucket | None:
    with connection.cursor() as cursor:
        cursor.execute(SQL["roomy_bucket"], {"company": company, "size": BUCKET_SIZE})
        row = cursor.fetchone()
    return WrappedBucket(row[0], row[1], row[2], bytes(row[3])) if row else None


def _new_buckets(company: str, people: int) -> list[WrappedBucket]:
    hold_epoch(company)
    sizes = [min(BUCKET_SIZE, people - start) for start in range(0, people, BUCKET_SIZE)]
    buckets = [key_tree().new_bucket(company, uuid4())[0] for _ in sizes]
    with connection.cursor() as cursor:
        cursor.execute(
            SQL["insert_buckets"],
            {
                "ids": [bucket.id for bucket in buckets],
                "companies": [company] * len(buckets),
                "epochs": [bucket.epoch for bucket in buckets],
                "wrapped": [bucket.wrapped for bucket in buckets],
                "members": sizes,
            },
        )
    return buckets


def company_key(company: str, use: str) -> tuple[int, SecretKey]:
    """The newest key of a company for a use, and its version."""
    return company_keys(company, (use,))[use]


def company_keys(company: str, uses: Sequence[str]) -> dict[str, tuple[int, SecretKey]]:
    """The same for several uses, in one statement. Raises `KeyMissingError` if one of them has no key."""
    with connection.cursor() as cursor:
        cursor.execute(SQL["company_keys"], {"company": company, "uses": list(uses)})
        rows = {use: (version, bytes(wrapped)) for use, version, wrapped in cursor.fetchall()}
    for use in uses:
        if use not in rows:
            raise KeyMissingError(f"company `{company}` has no {use} key", hint="run `amanat database prepare`")
    return {use: (row[0], key_tree().open_company_key(company, use, *row)) for use, row in rows.items()}


def prove_keys() -> None:
    """Open a key of each company in this database. Raises if the files that open them are lost or another's."""
    for company in companies():
        company_key(company, "index")


def companies() -> list[str]:
    """Those whose keys are in this database."""
    with connection.cursor() as cursor:
        cursor.execute(SQL["companies"])
        return [company for (company,) in cursor.fetchall()]


def drop_subject_keys(subjects: Sequence[UUID]) -> int:
    """Drop people's key rows and index tokens, in the caller's transaction; how many had keys.

    Runs as `web` or `worker`, with the row context set. From the commit on, nothing of theirs opens or is found: no
    folder, no body of a ledger entry. Their buckets are marked, so that the next `turn` of their company gives each a
    new key; only then do older copies of the rows (backups, the log of the database) open nothing with the keys of
    today. The number of statements does not depend on the number of people.
    """
    values = {"subjects": sorted(subjects)}
    with connection.cursor() as cursor:
        for name in ("touch_buckets", "leave_buckets", "drop_keys"):
            cursor.execute(SQL[name], values)
        dropped = int(cursor.rowcount)
        cursor.execute(SQL["drop_tokens"], values)
    return dropped


def drop_keys(subject: UUID) -> None:
    """Drop one person's keys and tokens."""
    drop_subject_keys([subject])
