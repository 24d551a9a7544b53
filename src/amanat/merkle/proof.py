"""Checking inclusion and consistency proofs, after RFC 9162, sections 2.1.3.2 and 2.1.4.2.

A check that fails raises; there is no boolean to overlook. Everything given is taken as hostile, so lengths
and sizes are checked before anything is hashed.
"""

from collections.abc import Sequence
from hashlib import sha256

from amanat.errors import IntegrityError
from amanat.merkle.tree import HASH_LENGTH, node_hash


class ProofError(IntegrityError):
    """The proof does not show what it claims to show."""


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the leaf hash `leaf` stands at `index` in the tree of `size` leaves with this `root`.

    Raises `ProofError`. The caller must have `size` and `root` from a checkpoint whose signature it checked.
    """
    _check_lengths(leaf, root, *proof)
    if not 0 <= index < size:
        raise ProofError(f"there is no leaf {index} in a tree of {size}")
    node, at, last = leaf, index, size - 1
    for sibling in proof:
        if last == 0:
            raise ProofError("the inclusion proof is too long")
        # Hashed here and not in `node_hash`: the call would cost a tenth of the whole check.
        if at & 1:
            node = sha256(b"\x01" + sibling + node).digest()
        elif at < last:
            node = sha256(b"\x01" + node + sibling).digest()
        else:
            node = sha256(b"\x01" + sibling + node).digest()
            at, last = _climb_past_lone_nodes(at, last)
        at, last = at >> 1, last >> 1
    if last != 0:
        raise ProofError("the inclusion proof is too short")
    if node != root:
        raise ProofError("the inclusion proof leads to another root")


def verify_consistency(old_size: int, new_size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Check that the tree of `new_size` leaves begins with all of the tree of `old_size` leaves.

    Raises `ProofError`; always so for an old size of 0, since an empty tree proves nothing about a later one.
    """
    if not 0 < old_size <= new_size:
        raise ProofError(f"a tree of {new_size} cannot be proven to continue a tree of {old_size}")
    if old_size == new_size:
        _check_same_tree(proof, old_root, new_root)
    else:
        _check_lengths(old_root, new_root, *proof)
        _check_growth(old_size, new_size, proof, old_root, new_root)


def _check_same_tree(proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    # Nothing is hashed here, so lengths do not matter; a public vector wants short but equal roots to pass.
    if proof or old_root != new_root:
        raise ProofError("two trees of one size are the same only with equal roots and an empty proof")


def _check_growth(old_size: int, new_size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    if not proof:
        raise ProofError("the consistency proof is empty")
    # An old tree of 2**n leaves is itself the first node on the way; the proof leaves it out.
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    at, last = _climb_from_right_children(old_size - 1, new_size - 1)
    old_node = new_node = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofError("the consistency proof is too long")
        if at & 1 or at == last:
            old_node, new_node = node_hash(sibling, old_node), node_hash(sibling, new_node)
            at, last = _climb_past_lone_nodes(at, last)
        else:
            new_node = node_hash(new_node, sibling)
        at, last = at >> 1, last >> 1
    if last != 0:
        raise ProofError("the consistency proof is too short")
    if old_node != old_root or new_node != new_root:
        raise ProofError("the consistency proof leads to other roots")


def _climb_from_right_children(at: int, last: int) -> tuple[int, int]:
    """Go up while the node is a right child, to the subtree that ends where the old tree ended."""
    while at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _climb_past_lone_nodes(at: int, last: int) -> tuple[int, int]:
    """Go up while the node is the last of its row without a sibling: it is its own parent there."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _check_lengths(*hashes: bytes) -> None:
    if any(len(each) != HASH_LENGTH for each in hashes):
        raise ProofError(f"a hash in the proof does not have {HASH_LENGTH} bytes")
