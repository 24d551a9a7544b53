"""Escrow as custody may use it: deal shares, and bring lost roots back under a new provider."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings

from amanat.keys.escrow import Escrow
from amanat.keys.opening import create_provider
from amanat.keys.provider import EpochRoot
from amanat.keys.tree import forget_trees, key_tree


@dataclass(frozen=True, slots=True)
class Recovered:
    """A company whose root of `epoch` came back."""

    company: str
    epoch: int


def escrow_begun() -> bool:
    return _escrow().begun


def begin_escrow() -> list[str]:
    """Make the recovery key, seal every root for it, and give its shares: the one time that anybody sees them."""
    return _seal_roots(_escrow().begin())


def renew_escrow() -> list[str]:
    """The same with a new recovery key; what was sealed for the old one goes, so its shares open nothing."""
    return _seal_roots(_escrow().renew())


def _seal_roots(shares: list[str]) -> list[str]:
    tree = key_tree()
    for company in tree.provider.companies():
        tree.escrow.keep(company, tree.provider.load_root(company))
    return shares


def open_escrow(shares: Sequence[str]) -> dict[str, EpochRoot]:
    """What is in escrow, by name: a company's root, or the key of another keeper. Writes nothing."""
    return _escrow().recover(shares)


def recover(roots: Mapping[str, EpochRoot]) -> list[Recovered]:
    """Make a new provider key where the old one is lost, and put these roots under it."""
    provider = create_provider(settings.HOME.keys, replacing_lost=True)
    for company, root in sorted(roots.items()):
        provider.store_root(company, root.key.raw, replaces=0, epoch=root.epoch)
    forget_trees()
    return [Recovered(company, root.epoch) for company, root in sorted(roots.items())]


def _escrow() -> Escrow:
    return Escrow(settings.HOME.keys / "escrow")
