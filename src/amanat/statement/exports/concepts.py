"""The vocabulary as linked data: an address for each word, its plain words, its groups, and its like in W3C DPV 2.3.

What DPV has no name for lives in our namespace alone and says so. Writing JSON-LD needs no library.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from amanat.policy.interpreter import DEFAULT
from amanat.statement.compile import Statement
from amanat.statement.exports.form import FormError
from amanat.statement.keys import AXES
from amanat.statement.words import label, term_words
from amanat.vocabulary.terms import FIELD_LEAF, OBLIGATIONS, Axis

BASE = "https://amanat.example/"
PREFIXES: Mapping[str, str] = {
    "amanat": f"{BASE}ns/",
    "dct": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "pd": "https://w3id.org/dpv/pd#",
    "sector-health": "https://w3id.org/dpv/sector/health#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "tech": "https://w3id.org/dpv/tech#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
PROFILE = "amanat:profile"
REMARK = (
    f"Whatever no rule permits is refused (clause {DEFAULT}). This export describes the statement; "
    "the engine that compiled it decides."
)

# Key of a rule line → the room of the vocabulary that its words live in.
ROOMS: Mapping[str, str] = {
    "who": "role", "do": "action", "data": "data", "beside": "data", "to": "recipient", "from": "recipient",
    "for": "purpose", "ch": "channel", "ctx": "context", "of": "relation", "then": "obligation",
}  # fmt: skip
# Room → what its words are in DPV and ODRL.
_TYPES: Mapping[str, tuple[str, ...]] = {
    "role": ("dpv:Entity",), "action": ("dpv:Processing", "odrl:Action"), "data": ("dpv:Data",),
    "recipient": ("dpv:Recipient",), "purpose": ("dpv:Purpose",), "channel": (), "context": ("dpv:Context",),
    "relation": ("dpv:DataSubject",), "obligation": ("dpv:TechnicalOrganisationalMeasure", "odrl:Action"),
}  # fmt: skip
# The action of ODRL that ours are part of; `use` if none comes nearer.
_INCLUDED_IN = {
    "store": "archive", "view": "display", "combine": "aggregate", "aggregate": "anonymize", "disclose": "distribute",
    "transfer": "distribute", "correct": "modify", "erase": "delete", "notify_subject": "inform",
    "notify_client": "inform", "notify_authority": "inform", "offer_opt_in": "obtainConsent",
}  # fmt: skip

Node = dict[str, Any]


def address(statement: Statement) -> str:
    """The address of one version of a statement; its rules are fragments of it."""
    return f"{BASE}statement/{quote(statement.name, safe='')}/{quote(statement.version, safe='')}"


def word_ids(key: str, words: Iterable[str]) -> list[str]:
    return [f"amanat:{ROOMS[key]}/{word}" for word in words]


def words_in(key: str, ids: Iterable[str]) -> tuple[str, ...]:
    """The words behind some addresses; one from another room is an error."""
    start = f"amanat:{ROOMS[key]}/"
    found = tuple(ids)
    for one in found:
        if not one.startswith(start):
            raise FormError(f"`{one[:60]}` is no word for `{key}`")
    return tuple(one.removeprefix(start) for one in found)


@cache
def concepts() -> tuple[Node, ...]:
    """Every word of the vocabulary with its meaning; the same for each statement."""
    keys = [key for key in AXES if key not in ("beside", "from")]
    return (
        *(one for key in keys for one in _tree(key, AXES[key][1])),
        *(_concept("data", name, [leaf]) for name, leaf in FIELD_LEAF.items()),
        *(_concept("then", name, []) for name in OBLIGATIONS),
    )


def _tree(key: str, axis: Axis) -> Iterator[Node]:
    """Leaves, and of groups that mean the same the one that rules are told by; each with the groups above it."""
    told = {name for mask in set(axis.mask.values()) for name in axis.cover(mask)}
    words = sorted(told | set(axis.leaves))
    for word in words:
        mask = axis.mask[word]
        yield _concept(key, word, [one for one in words if axis.mask[one] != mask and not mask & ~axis.mask[one]])


def _concept(key: str, word: str, above: list[str]) -> Node:
    room = ROOMS[key]
    node: Node = {
        "@id": f"amanat:{room}/{word}",
        "@type": ["skos:Concept", *_TYPES[room]],
        "skos:prefLabel": {"@value": label(key, word), "@language": "en"},
        "skos:definition": {"@value": term_words(key, word), "@language": "en"},
    }
    if above:
        node["broader"] = word_ids(key, above)
    if "odrl:Action" in node["@type"]:
        node["includedIn"] = f"odrl:{_INCLUDED_IN.get(word, 'use')}"
    return node | _likes(room, word)


def _likes(room: str, word: str) -> Node:
    names = matches().get((room, word), ())
    if not names:
        return {"skos:editorialNote": {"@value": "DPV 2.3 has no such term", "@language": "en"}}
    near = [name for name in names if not name.endswith("~")]
    far = [name.rstrip("~") for name in names if name.endswith("~")]
    return {**({"closeMatch": near} if near else {}), **({"relatedMatch": far} if far else {})}


@cache
def matches() -> dict[tuple[str, str], tuple[str, ...]]:
    """`(room, word)` → names of DPV; an inexact one ends in `~`."""
    text = (files("amanat") / "statement" / "exports" / "dpv.txt").read_text(encoding="utf-8")
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    room = ""
    for line in text.splitlines():
        if line.startswith("["):
            room = line.strip("[]")
        elif line and not line.startswith("#"):
            word, _, names = line.partition(" = ")
            found[room, word] = tuple(names.split())
    return found


def linked(name: str) -> Node:
    """A key of a JSON-LD context whose values are addresses."""
    return {"@id": name, "@type": "@id"}


def listed(name: str) -> Node:
    """A key of a JSON-LD context whose values keep their order."""
    return {"@id": name, "@container": "@list"}


CONTEXT: Node = {
    "@version": 1.1,
    **PREFIXES,
    "kind": linked("amanat:kind"),
    "line": "amanat:line",
    "digest": "amanat:digest",
    "rules": "amanat:rules",
    "broader": linked("skos:broaderTransitive"),
    "closeMatch": linked("skos:closeMatch"),
    "relatedMatch": linked("skos:relatedMatch"),
    "includedIn": linked("odrl:includedIn"),
}
