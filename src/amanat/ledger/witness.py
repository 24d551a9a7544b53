"""Cosigning: each company of the group looks at the others' heads, and signs those that continue what it saw before.

A witness remembers the last head it signed of each log outside the database, and writes it down before it lets a
signature out: put back, cut short or rewritten, a log gets no second one. What it compares with is `offline`, which
shares no code with the part that builds the log.
"""

import base64
import json
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from amanat.database.home import Home, locked, make_private_folder, write_private_file
from amanat.database.queries import queries
from amanat.errors import AmanatError
from amanat.ledger.fold import read_tiles
from amanat.ledger.offline import UnprovenError, check_consistency
from amanat.ledger.recompute import is_signed
from amanat.ledger.signing import DEFAULT_PREFIX, LogKeyError
from amanat.ledger.verify import Finding
from amanat.merkle.cosignature import WITNESS, Cosigner
from amanat.merkle.note import KEY_LENGTH, decode_base64, encode_base64
from amanat.merkle.tiles import TileHashes
from amanat.merkle.tree import consistency_proof
from amanat.vocabulary import clock

SQL = queries("amanat.ledger")


@dataclass(frozen=True, slots=True)
class Head:
    """The newest signed head of a company's log, as the database has it."""

    company: str
    size: int
    root: bytes
    note: str

    @property
    def text(self) -> str:
        return self.note.rpartition("\n\n")[0] + "\n"


@dataclass(slots=True)
class Cosigned:
    """How many heads were cosigned, and which logs did not go on from where a witness had seen them."""

    lines: int = 0
    refused: list[Finding] = field(default_factory=list)


def cosign(companies: Sequence[str]) -> Cosigned:
    """Let each of `companies` look at the newest head of every other's log, and sign what continues."""
    done = Cosigned()
    heads = list(_heads(companies))
    for witness in companies:
        new = dict(_look(witness, [head for head in heads if head.company != witness], done))
        if new:
            _put(witness, new)
            done.lines += len(new)
    return done


def begin_witness(home: Home, company: str) -> Cosigner:
    """The company's key as a witness, made now if there is none: another key than its log's, as C2SP asks."""
    path = _folder(home) / f"{company}.key"
    with locked(home.ledger / ".lock"):
        if not path.exists():
            origin = f"{os.environ.get('AMANAT_LOG_ORIGIN') or DEFAULT_PREFIX}/{company}/witness"
            made = Cosigner(origin, secrets.token_bytes(KEY_LENGTH))
            write_private_file(path.with_suffix(".pub"), f"{made.public_key}\n")
            write_private_file(path, f"{made.name} {encode_base64(WITNESS + made.seed)}\n")
    try:
        name, typed = path.read_text(encoding="ascii").split()
        return Cosigner(name, decode_base64(typed)[1:])
    except (ValueError, AmanatError) as error:
        raise LogKeyError(f"{path} is damaged", hint="put the file back from the key backup") from error


def witness_keys(home: Home) -> dict[str, str]:
    """Each witness's public key, as a line."""
    files = sorted((home.ledger / "witnesses").glob("*.pub"))
    return {path.stem: path.read_text(encoding="ascii").strip() for path in files}


def _look(witness: str, heads: Sequence[Head], done: Cosigned) -> Iterator[tuple[str, tuple[int, str]]]:
    """(log, (size, line)) for each head that is new to this witness and continues what it saw. What it has seen is
    durable before the first line is given.
    """
    cosigner, path = begin_witness(settings.HOME, witness), _folder(settings.HOME) / f"{witness}.seen"
    seen = _read_seen(path)
    new = []
    for head in heads:
        if seen.get(head.company) == (head.size, head.root):
            continue
        try:
            _compare(head, seen.get(head.company))
        except UnprovenError as error:
            done.refused.append(Finding("witness", head.company, f"checkpoint {head.size}", f"{witness}: {error}"))
        else:
            new.append(head)
    if new:
        _write_seen(path, seen | {head.company: (head.size, head.root) for head in new})
    moment = int(clock.now().timestamp())
    for head in new:
        yield head.company, (head.size, cosigner.cosign(head.text, moment))


def _compare(head: Head, before: tuple[int, bytes] | None) -> None:
    """Raise `UnprovenError` unless the head is the log's own and continues what was seen. The first is taken as is."""
    key = settings.HOME.ledger / f"{head.company}.pub"
    name = head.text.partition("\n")[0]
    text = f"{name}\n{head.size}\n{base64.b64encode(head.root).decode()}\n"
    if not key.exists() or not is_signed(head.note, text, key.read_text(encoding="ascii")):
        raise UnprovenError("the log did not sign this head")
    if before is not None:
        size, root = before
        check_consistency(size, head.size, _proof(head, size), root, head.root)


def _proof(head: Head, size: int) -> list[bytes]:
    if not 0 < size < head.size:
        return []
    read = TileHashes(lambda tile: read_tiles(head.company, [tile])[tile]).at(head.size)
    try:
        return consistency_proof(read, size, head.size)
    except AmanatError as error:
        raise UnprovenError(f"the log cannot prove it: {error}") from error


def _heads(companies: Sequence[str]) -> Iterator[Head]:
    with connection.cursor() as cursor:
        cursor.execute(SQL["heads"], {"companies": list(companies)})
        for company, size, root, note in cursor.fetchall():
            yield Head(company, size, bytes(root), note)


def _put(witness: str, new: Mapping[str, tuple[int, str]]) -> None:
    sizes, lines = [size for size, _ in new.values()], [line for _, line in new.values()]
    values: dict[str, Any] = {
        "witness": witness,
        "at": clock.now(),
        "companies": list(new),
        "sizes": sizes,
        "lines": lines,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SQL["put_cosignatures"], values)


def _folder(home: Home) -> Path:
    make_private_folder(home.ledger / "witnesses")
    return home.ledger / "witnesses"


def _read_seen(path: Path) -> dict[str, tuple[int, bytes]]:
    if not path.exists():
        return {}
    kept = json.loads(path.read_text(encoding="ascii"))
    return {company: (size, bytes.fromhex(root)) for company, (size, root) in kept.items()}


def _write_seen(path: Path, seen: Mapping[str, tuple[int, bytes]]) -> None:
    kept = {company: (size, root.hex()) for company, (size, root) in sorted(seen.items())}
    write_private_file(path, json.dumps(kept) + "\n")
