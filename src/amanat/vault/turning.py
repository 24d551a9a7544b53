"""What custody may ask of the key tree's epochs: a turn, and how things stand."""

from dataclasses import dataclass
from datetime import datetime

from amanat.keys.rewrapping import run
from amanat.keys.tree import key_tree
from amanat.keys.turn import Turn, turn, turns

__all__ = ["Epoch", "Turn", "epochs", "turn"]


@dataclass(frozen=True, slots=True)
class Epoch:
    """A company's epoch, what hangs on its root, and the buckets that wait for a new key, the oldest since `since`."""

    company: str
    number: int
    buckets: int
    periods: int
    waiting: int
    since: datetime | None
    escrowed: bool
    turn: Turn | None


def epochs() -> list[Epoch]:
    """How each company's keys stand. Names nobody; runs as the worker."""
    tree, newest = key_tree(), turns()
    kept = tree.escrow.epochs()
    listed = []
    for company, buckets, periods, waiting, since in run("counts", {}):
        number = tree.provider.next_epoch(company) - 1
        escrowed = number in kept.get(company, ())
        listed.append(Epoch(company, number, buckets, periods, waiting, since, escrowed, newest.get(company)))
    return listed
