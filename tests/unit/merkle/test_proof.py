"""Good proofs pass, everything else is refused: public vectors, every small tree, every altered part."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.errors import Kind
from amanat.merkle.proof import ProofError, verify_consistency, verify_inclusion
from amanat.merkle.tree import (
    EMPTY_ROOT,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    reader_over,
    root_at,
)

VECTORS = Path(__file__).parents[2] / "vectors" / "merkle"
INCLUSION = sorted((VECTORS / "inclusion").rglob("*.json"))
CONSISTENCY = sorted((VECTORS / "consistency").rglob("*.json"))

LARGEST = 300
LEAVES = [leaf_hash(b"entry %d" % number) for number in range(LARGEST)]
READ = reader_over(LEAVES)
ROOTS = [root_at(READ, size) for size in range(LARGEST + 1)]


def name(path: Path) -> str:
    return str(path.relative_to(VECTORS))


def load(path: Path) -> dict[str, Any]:
    case: dict[str, Any] = json.loads(path.read_text())
    for member in case.keys() & {"root", "leafHash", "root1", "root2"}:
        case[member] = base64.b64decode(case[member] or "")
    case["proof"] = [base64.b64decode(each) for each in case["proof"] or []]
    return case


def test_all_public_vectors_are_here() -> None:
    cases = [load(path) for path in (*INCLUSION, *CONSISTENCY)]
    assert (len(INCLUSION), len(CONSISTENCY)) == (98, 98)
    assert sum(case["wantErr"] for case in cases) == 92 + 92


@pytest.mark.parametrize("path", INCLUSION, ids=name)
def test_a_public_inclusion_vector_is_judged_rightly(path: Path) -> None:
    case = load(path)
    given_proof = case["leafHash"], case["leafIdx"], case["treeSize"], case["proof"], case["root"]
    if case["wantErr"]:
        with pytest.raises(ProofError):
            verify_inclusion(*given_proof)
    else:
        verify_inclusion(*given_proof)


@pytest.mark.parametrize("path", CONSISTENCY, ids=name)
def test_a_public_consistency_vector_is_judged_rightly(path: Path) -> None:
    case = load(path)
    given_proof = case["size1"], case["size2"], case["proof"], case["root1"], case["root2"]
    if case["wantErr"]:
        with pytest.raises(ProofError):
            verify_consistency(*given_proof)
    else:
        verify_consistency(*given_proof)


def test_every_leaf_of_every_small_tree_proves_its_place() -> None:
    for size in range(1, LARGEST + 1):
        for index in range(size):
            verify_inclusion(LEAVES[index], index, size, inclusion_proof(READ, index, size), ROOTS[size])


def test_every_small_tree_proves_that_it_continues_every_smaller_one() -> None:
    for new in range(1, LARGEST + 1):
        for old in range(1, new + 1):
            verify_consistency(old, new, consistency_proof(READ, old, new), ROOTS[old], ROOTS[new])


def altered(content: bytes, bit: int) -> bytes:
    mask = 1 << bit % (len(content) * 8)
    return (int.from_bytes(content, "big") ^ mask).to_bytes(len(content), "big")


@given(data=st.data(), size=st.integers(1, LARGEST), bit=st.integers(0, 255))
def test_an_inclusion_proof_with_any_part_altered_is_refused(data: st.DataObject, size: int, bit: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size).filter(lambda place: place != index))
    leaf, proof, root = LEAVES[index], inclusion_proof(READ, index, size), ROOTS[size]
    forgeries = [
        (altered(leaf, bit), index, size, proof, root),
        (leaf, other, size, proof, root),
        (leaf, index, size, proof, altered(root, bit)),
        (leaf, index, size, [*proof, root], root),
        (leaf, index, size, [root, *proof], root),
        (leaf[:-1], index, size, proof, root),
        (leaf, -index - 1, size, proof, root),
        *(
            (leaf, index, size, [*proof[:at], replacement, *proof[at + 1 :]], root)
            for at in range(len(proof))
            for replacement in (altered(proof[at], bit), proof[at] + b"\0", proof[at][:-1], b"")
        ),
        *((leaf, index, size, proof[:at] + proof[at + 1 :], root) for at in range(len(proof))),
    ]
    for forgery in forgeries:
        with pytest.raises(ProofError):
            verify_inclusion(*forgery)


@given(data=st.data(), new=st.integers(2, LARGEST), bit=st.integers(0, 255))
def test_a_consistency_proof_with_any_part_altered_is_refused(data: st.DataObject, new: int, bit: int) -> None:
    old = data.draw(st.integers(1, new - 1))
    proof, old_root, new_root = consistency_proof(READ, old, new), ROOTS[old], ROOTS[new]
    forgeries = [
        (old, new, proof, altered(old_root, bit), new_root),
        (old, new, proof, old_root, altered(new_root, bit)),
        (old, new, proof, new_root, old_root),
        (new, old, proof, new_root, old_root),
        (old, old, proof, old_root, old_root),
        (old, new, [], old_root, new_root),
        (old, new, [*proof, new_root], old_root, new_root),
        (old, new, [old_root, *proof], old_root, new_root),
        *(
            (old, new, [*proof[:at], replacement, *proof[at + 1 :]], old_root, new_root)
            for at in range(len(proof))
            for replacement in (altered(proof[at], bit), proof[at] + b"\0", b"")
        ),
        *((old, new, proof[:at] + proof[at + 1 :], old_root, new_root) for at in range(len(proof))),
    ]
    for forgery in forgeries:
        with pytest.raises(ProofError):
            verify_consistency(*forgery)


@pytest.mark.parametrize(("new", "new_root"), [(0, EMPTY_ROOT), (1, ROOTS[1]), (8, ROOTS[8])])
def test_an_empty_old_tree_proves_nothing(new: int, new_root: bytes) -> None:
    with pytest.raises(ProofError):
        verify_consistency(0, new, [], EMPTY_ROOT, new_root)


def test_equal_sizes_need_equal_roots_and_an_empty_proof() -> None:
    verify_consistency(5, 5, [], ROOTS[5], ROOTS[5])
    with pytest.raises(ProofError):
        verify_consistency(5, 5, [], ROOTS[5], ROOTS[4])
    with pytest.raises(ProofError):
        verify_consistency(5, 5, [ROOTS[5]], ROOTS[5], ROOTS[5])


def test_a_rewritten_past_is_not_consistent() -> None:
    rewritten = [*LEAVES[:3], leaf_hash(b"what Mallory wishes had happened"), *LEAVES[4:10]]
    read = reader_over(rewritten)
    with pytest.raises(ProofError) as caught:
        verify_consistency(6, 10, consistency_proof(read, 6, 10), ROOTS[6], root_at(read, 10))
    assert caught.value.kind is Kind.INTEGRITY
