"""The turn of an epoch: a new root for a company, everything wrapped anew, and the old root gone for good.

A turn is a row of states; each is reached by work that may be repeated, then committed. Killed anywhere, the next call
goes on. Whatever was dropped before a turn began opens nowhere once it is done, whatever copy of the database is kept.

    begun      the row is written
    made       the new root is durable beside the old one and in escrow; nobody makes keys under the old one any more
    wrapped    buckets that lost a key have a new one, all else is wrapped under the new root; committed
    proven     nobody still reads older rows, standbys and archive have the new ones, each was opened once, and the
               copy of the keys has the new root
    done       the old root is overwritten, in the provider, in escrow and in the copy
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from amanat.errors import ConflictError
from amanat.keys.rewrapping import prove_all, rekey_touched, rewrap, run
from amanat.keys.tree import KeyTree, key_tree
from amanat.vocabulary import clock

_LOOK_AGAIN_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn to `epoch` and how far it is. `waits_for` says what keeps it from going on, if anything does."""

    company: str
    epoch: int
    state: str
    begun_at: datetime
    position: str = ""
    waits_for: str = ""


@dataclass(frozen=True, slots=True)
class _Means:
    """What a step works with."""

    tree: KeyTree
    patience: float
    keep: Callable[[], object]


def turn(company: str, *, patience: float = 30.0, keep: Callable[[], object] = lambda: None) -> Turn:
    """Turn the company's epoch, or finish the turn that was begun. Runs as the worker, outside any transaction.

    Where readers, standbys or the archive are behind, it waits for at most `patience` seconds and then gives the turn
    back unfinished, with what it `waits_for`; both roots stay, and the next call goes on. Once `state` is `done`,
    whatever was dropped by a transaction that had committed before `begun_at` is out of reach for good.

    `keep` makes the copy of the keys today's. It is called before the old root goes, for the copy has to hold the new
    one by then, and once more when it has gone, for the copy must not hold it any longer.
    """
    means = _Means(key_tree(), patience, keep)
    while True:
        with _alone(company):
            current = _unfinished(company)
            reached = _STEPS[current.state](means, current) if current else _begin(means, company)
            if reached.waits_for:
                return reached
            _advance(reached)
        if reached.state == "done":
            return reached


def _begin(means: _Means, company: str) -> Turn:
    begun = Turn(company, means.tree.provider.next_epoch(company), "begun", clock.now())
    run("begin", {"company": company, "epoch": begun.epoch, "now": begun.begun_at})
    return begun


def _make(means: _Means, current: Turn) -> Turn:
    """The new root, read back from the disk; then wait for those who were about to wrap under the old one."""
    tree, company = means.tree, current.company
    made = tree.provider.prepare_root(company)
    tree.escrow.keep(company, made)
    if tree.provider.load_root(company) != made or made.epoch != current.epoch:
        raise ConflictError(f"the prepared root of {company} is not that of epoch {current.epoch}; nothing was changed")
    run("wait_for_makers", {"company": company})
    return replace(current, state="made")


def _wrap(means: _Means, current: Turn) -> Turn:
    """One batch a transaction, until nothing is left under the old root."""
    if rekey_touched(means.tree, current.company, current.epoch, current.begun_at):
        return current
    if rewrap(means.tree, current.company, current.epoch):
        return current
    ((position,),) = run("position", {})
    return replace(current, state="wrapped", position=str(position))


def _prove(means: _Means, current: Turn) -> Turn:
    until = time.monotonic() + means.patience
    earlier = _readers()
    _hasten_archive()
    while waits_for := _waits_for(current, earlier):
        if time.monotonic() >= until:
            return replace(current, waits_for=waits_for)
        time.sleep(_LOOK_AGAIN_SECONDS)
    prove_all(means.tree, current.company, current.epoch)
    means.keep()
    return replace(current, state="proven")


def _readers() -> set[str]:
    return {name for (name,) in run("readers", {})}


def _hasten_archive() -> None:
    ((archiving, may_end),) = run("archiving", {})
    if archiving:
        run("end_piece" if may_end else "fill_piece", {})


def _waits_for(current: Turn, earlier: set[str]) -> str:
    if earlier & _readers():
        return "transactions that may have read keys under the old root"
    ((standbys, archive),) = run("behind", {"position": current.position})
    if standbys:
        return f"{standbys} standby servers that have not replayed the new keys, or whose place is hidden from us"
    return "the archive of the write-ahead log" if archive else ""


def _destroy(means: _Means, current: Turn) -> Turn:
    means.tree.provider.retire_root(current.company, current.epoch - 1)
    means.tree.escrow.forget_before(current.company, current.epoch)
    means.keep()
    return replace(current, state="done")


_STEPS: Mapping[str, Callable[[_Means, Turn], Turn]] = {
    "begun": _make,
    "made": _wrap,
    "wrapped": _prove,
    "proven": _destroy,
}


def turns() -> dict[str, Turn]:
    """The newest turn of each company that had one."""
    return {row[0]: Turn(*row) for row in run("turns", {})}


@contextmanager
def _alone(company: str) -> Iterator[None]:
    """A durable transaction that sees the company's rows and shuts out every other turn of it."""
    with transaction.atomic(durable=True):
        ((free,),) = run("alone", {"company": company})
        if not free:
            raise ConflictError(f"the epoch of {company} is being turned already")
        run("within", {"company": company})
        yield


def _unfinished(company: str) -> Turn | None:
    rows = run("unfinished", {"company": company})
    return Turn(company, *rows[0]) if rows else None


def _advance(reached: Turn) -> None:
    """Repeating a state is no news."""
    values = {"company": reached.company, "epoch": reached.epoch, "position": reached.position}
    run("advance", {**values, "state": reached.state, "now": clock.now()})
