"""The clause ids of the source statement, the added ones, and their order.

A rule's id may carry a suffix (`8.4x`); `section_of` gives the id that people are shown. A rule of an overlay names
the overlay and the clause it makes stricter: `law:EU/6.10`.
"""

import re
from string import ascii_lowercase

_SOURCE = """
0.1 0.2a 0.2b 0.2c 0.3 0.4 0.5 0.6 0.7 0.8 0.9 0.10a 0.10b 0.10c 0.10d 0.10e 0.10f 0.10g 1.0 1.1a 1.1b 1.2 1.3 1.4
2.1a 2.1b 2.2 2.3a 2.3b 2.3c 2.3d 2.4 2.5a 2.5b
3.1a 3.1b 3.1c 3.2a 3.2b 3.2c 3.2d 3.2e 3.2f 3.2g 3.3 3.4 3.4a 3.4b 3.4c 3.4d 3.4e 3.4f 3.4g 3.5 3.5a 3.5b
3.6a 3.6b 3.6c 3.6d 3.6e 3.6f 3.6g 3.6h 3.6i 3.7 4.0 4.1 4.2 4.3 4.4
5.1a 5.1b 5.1c 5.1d 5.2 5.3 5.4 5.5 5.6 5.7 5.8 5.9 5.10 5.11 5.12 5.13 5.14 5.15 5.16
6.1a 6.1b 6.1c 6.1d 6.2 6.3a 6.3b 6.3c 6.4a 6.4b 6.5 6.6 6.7 6.8 6.9a 6.9b 6.9c
6.10 6.10a 6.10b 6.10c 6.10d 6.10e 6.10f 6.11 6.12 7.1 7.2
8.1a 8.1b 8.2 8.3 8.3a 8.3b 8.4 8.5a 8.5b 8.5c 8.5d 8.5e 8.6 8.7 8.8 8.9a 8.9b 8.10a 8.10b 8.11 8.12a 8.12b
8.13a 8.13b 8.14 8.15 8.16 8.17 8.18 9.1 9.2 9.3a 9.3b 9.3c 9.3d 9.3e 9.4 9.5 10.1 10.2 10.3
"""
_ADDED = "A.1 B.1 C.1 C.2 D.1 E.1 E.2 M.1 M.2 M.3 N.1 R.1 R.2 R.3 R.4 R.5 R.6 R.7 T.1 V.1 X.1"

# The four sets of promises (clause 1.0), in the order in which they are told.
OVERLAY_KINDS = ("law", "bcr", "policy", "contract")

SOURCE_CLAUSES: tuple[str, ...] = tuple(_SOURCE.split())
ADDED_CLAUSES: tuple[str, ...] = tuple(_ADDED.split())
_SHAPE = re.compile(r"^(?P<part>[0-9]+|[A-Z])\.(?P<number>[0-9]+)(?P<letter>[a-z]?)")
_KNOWN = frozenset(SOURCE_CLAUSES) | frozenset(ADDED_CLAUSES)
_HEADS = frozenset(match[0].rstrip(ascii_lowercase) for one in _KNOWN if (match := _SHAPE.match(one)))


def section_of(rule_id: str) -> str | None:
    """`8.4x` → `8.4`, `6.9a` → `6.9a`, `law:EU/6.1n` → `law:EU/6.1`; None if no such clause exists."""
    overlay, slash, own = rule_id.rpartition("/")
    match = _SHAPE.match(own)
    if match is None:
        return None
    head = f"{match['part']}.{match['number']}"
    for candidate in (head + match["letter"], head):
        if candidate in _KNOWN or candidate in _HEADS:
            return overlay + slash + candidate
    return None


def clause_of(section: str) -> str:
    """The clause of the statement that a section belongs to: `law:EU/6.10` → `6.10`."""
    return section.rpartition("/")[2]


def overlay_order(overlay: str) -> tuple[int, str]:
    """Sort key in which overlays are told: law, binding rules, policies, contracts, each by name."""
    return (OVERLAY_KINDS.index(overlay.partition(":")[0]), overlay)


def clause_order(clause: str) -> tuple[int, str, int, str]:
    """Sort key of id order: 6.9 before 6.10, numbered parts before lettered ones, overlays last, law first."""
    overlay, _, own = clause.rpartition("/")
    match = _SHAPE.match(own)
    if match is None:
        return (2, clause, 0, "")
    part = match["part"]
    lettered = not part.isdigit()
    key = part if lettered else part.zfill(4)
    rank = 3 + OVERLAY_KINDS.index(overlay.partition(":")[0]) if overlay else int(lettered)
    return (rank, f"{overlay}/{key}" if overlay else key, int(match["number"]), match["letter"])
