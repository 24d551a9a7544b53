"""Roots and proofs are those of RFC 9162, section 2.1, whose recursive definitions stand here once more."""

from collections.abc import Sequence
from functools import cache
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.errors import MalformedError
from amanat.merkle.tree import (
    EMPTY_ROOT,
    Frontier,
    TreeError,
    consistency_proof,
    frontier_at,
    inclusion_proof,
    leaf_hash,
    reader_over,
    root_at,
    root_of,
)

LARGEST = 300
LEAVES = [leaf_hash(b"entry %d" % number) for number in range(1_000)]
READ = reader_over(LEAVES[:LARGEST])

# Roots over the same entries, made with pymerkle 7.0.
FOREIGN_ROOTS = {
    1: "773885a613489e24ce2cf76199d6a423f042e4bbf12d7eecee912ef276c65701",
    2: "5a47662fd8a317d96049a3f9f47c55dc67ca66051baa3683dbb19b2fe09a07b0",
    3: "94fbd0dd836f50301692e6d0eade728ee19ec52bfff1606ed807c8575d5aaa19",
    5: "7caa345dbd892a66454d6c6512ea3c3ea3f0d3ec21be3fc2e2375705fd38f672",
    8: "b69732ce5c914162ca9accfaf4e95d3f9874d68805437088aaff184a4db96773",
    100: "106a6d1594d73248c9634639896cf8a76d2c3418f8fb8b4e24386025a27f2472",
    255: "cf66793e6329dff242eb3cee0a6f36ad3e3a196dcc573a1ec775e102be863f1c",
    256: "da6596d95369f5fef322ab8e4e0da3b0b50236aa9c8a3b1d246f7411c9e2e32e",
    257: "5c1fdfe835358022f2392de478dbe053fc130cfe1d3a082879a90cf6bf14bf7e",
    300: "ca393d0296bec5e0b8dcab983bd1fb7d1461f512e7267cb89631ad26fd66d848",
    1_000: "346c6b9cb89c4b76fac9dcb20cda86e3a01c0a57417c139028eacd4538fde95b",
}


def split(start: int, end: int) -> int:
    half = 1
    while half * 2 < end - start:
        half *= 2
    return start + half


@cache
def head(start: int, end: int) -> bytes:
    if end - start == 1:
        return LEAVES[start]
    middle = split(start, end)
    return sha256(b"\x01" + head(start, middle) + head(middle, end)).digest()


def path(index: int, start: int, end: int) -> list[bytes]:
    if end - start == 1:
        return []
    middle = split(start, end)
    if index < middle:
        return [*path(index, start, middle), head(middle, end)]
    return [*path(index, middle, end), head(start, middle)]


def subproof(old: int, start: int, end: int, *, known: bool) -> list[bytes]:
    if old == end:
        return [] if known else [head(start, end)]
    middle = split(start, end)
    if old <= middle:
        return [*subproof(old, start, middle, known=known), head(middle, end)]
    return [*subproof(old, middle, end, known=False), head(start, middle)]


def test_the_root_of_an_empty_tree_is_the_hash_of_nothing() -> None:
    assert root_of([]) == Frontier().root() == EMPTY_ROOT == sha256(b"").digest()


def test_leaves_and_nodes_are_hashed_apart() -> None:
    left, right = LEAVES[:2]
    assert root_of([left, right]) != leaf_hash(left + right)


@pytest.mark.parametrize(("size", "root"), FOREIGN_ROOTS.items())
def test_roots_are_those_of_another_implementation(size: int, root: str) -> None:
    assert root_of(LEAVES[:size]).hex() == root


def test_every_root_follows_the_definition() -> None:
    for size in range(1, LARGEST + 1):
        assert root_at(READ, size) == root_of(LEAVES[:size]) == head(0, size)


def test_every_inclusion_proof_follows_the_definition() -> None:
    for size in range(1, LARGEST + 1):
        for index in range(size):
            assert inclusion_proof(READ, index, size) == path(index, 0, size)


def test_every_consistency_proof_follows_the_definition() -> None:
    for new in range(1, LARGEST + 1):
        for old in range(1, new + 1):
            assert consistency_proof(READ, old, new) == subproof(old, 0, new, known=True)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_a_leaf_outside_the_tree_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(MalformedError, match="no leaf"):
        inclusion_proof(READ, index, size)


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 3), (4, 3), (-1, 3)])
def test_an_empty_or_later_tree_has_no_continuation(old: int, new: int) -> None:
    with pytest.raises(MalformedError, match="continue"):
        consistency_proof(READ, old, new)


def test_a_frontier_gives_every_root_as_it_grows() -> None:
    frontier = Frontier()
    for size in range(1, LARGEST + 1):
        frontier.append(LEAVES[size - 1])
        assert frontier.root() == root_of(LEAVES[:size])


@given(stop=st.integers(0, LARGEST), more=st.integers(0, LARGEST))
def test_a_frontier_resumed_anywhere_equals_one_from_scratch(stop: int, more: int) -> None:
    stopped = Frontier()
    stopped.extend(LEAVES[:stop])
    resumed = Frontier(stopped.size, stopped.hashes)
    resumed.extend(LEAVES[stop : stop + more])
    assert resumed.root() == root_of(LEAVES[: stop + more])
    assert stopped.size == stop
    assert stopped.root() == root_of(LEAVES[:stop])


@given(size=st.integers(0, LARGEST))
def test_a_frontier_can_be_found_in_a_kept_tree(size: int) -> None:
    grown = Frontier()
    grown.extend(LEAVES[:size])
    assert frontier_at(READ, size) == grown


@pytest.mark.parametrize(
    ("size", "hashes"),
    [(0, LEAVES[:1]), (3, LEAVES[:1]), (3, LEAVES[:3]), (-1, LEAVES[:1]), (1, [b"short"]), (1, [])],
)
def test_a_frontier_that_does_not_fit_its_size_is_refused(size: int, hashes: Sequence[bytes]) -> None:
    with pytest.raises(TreeError):
        Frontier(size, list(hashes))
