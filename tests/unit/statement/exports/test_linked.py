"""The exports as linked data: names that exist, shapes that hold, and rules that come back as they went."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pyshacl
import pytest
from rdflib import RDF, Graph, URIRef
from rdflib.namespace import ODRL2, SKOS, Namespace

from amanat.errors import MalformedError
from amanat.policy.interpreter import Policy
from amanat.policy.rule import NEVER, Box, Rule, RuleKind
from amanat.statement.compile import Statement
from amanat.statement.exports.concepts import BASE, concepts, matches
from amanat.statement.exports.dpv import dpv, read_dpv
from amanat.statement.exports.form import FormError, form_of
from amanat.statement.exports.linked import shapes_text
from amanat.statement.exports.odrl import odrl, read_odrl

TERMS = Path(__file__).parents[3] / "vendor" / "dpv" / "dpv-2.3-terms.csv"
DPV = Namespace("https://w3id.org/dpv#")
# The JSON-LD reader of rdflib uses a class that rdflib itself has retired.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
RULE_TYPES = (ODRL2.Permission, ODRL2.Prohibition, DPV.Permission, DPV.Prohibition)


class Form(NamedTuple):
    write: Callable[[Statement], str]
    read: Callable[[bytes], Policy]
    permits: str
    stops: str


FORMS = {
    "odrl": Form(odrl, read_odrl, "permission", "prohibition"),
    "dpv": Form(dpv, read_dpv, "dpv:hasPermission", "dpv:hasProhibition"),
}


@pytest.fixture(params=FORMS, scope="module")
def form(request: pytest.FixtureRequest) -> Form:
    return FORMS[request.param]


@pytest.fixture(scope="module")
def graph(form: Form, ama: Statement) -> Graph:
    return Graph().parse(data=form.write(ama), format="json-ld")


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return Graph().parse(data=shapes_text(), format="turtle")


@pytest.fixture(scope="module")
def small(ama: Statement) -> Statement:
    """The installed statement with one permit and one prohibition left."""
    left = tuple(rule for rule in ama.policy.rules if rule.id in ("2.5a", "2.3c"))
    return Statement(**(vars(ama) | {"policy": Policy(left, ama.policy.version, ama.policy.digest)}))


def names(graph: Graph, start: str) -> set[str]:
    return {str(term) for triple in graph for term in triple if isinstance(term, URIRef) and term.startswith(start)}


def nodes(document: Any, form: Form) -> list[dict[str, Any]]:
    head = document["@graph"][0]
    return [*head[form.permits], *head[form.stops]]


def test_every_name_of_dpv_exists(graph: Graph) -> None:
    with TERMS.open(encoding="utf-8") as file:
        known = {row["iri"] for row in csv.DictReader(file)}
    used = names(graph, "https://w3id.org/")
    assert used
    assert used - known == set()


def test_every_name_of_odrl_exists(graph: Graph) -> None:
    used = names(graph, str(ODRL2))
    assert used
    assert [name for name in used if ODRL2[name.removeprefix(str(ODRL2))] != URIRef(name)] == []


def test_every_word_that_a_rule_uses_is_explained(graph: Graph) -> None:
    rooms = {str(one["@id"]).removeprefix("amanat:").partition("/")[0] for one in concepts()}
    used = {name for room in rooms for name in names(graph, f"{BASE}ns/{room}/")}
    explained = {str(one) for one in graph.subjects(RDF.type, SKOS.Concept)}
    assert used == explained


def test_each_rule_is_there_once_with_its_clause_and_its_sentence(graph: Graph, ama: Statement) -> None:
    rules = {one for kind in RULE_TYPES for one in graph.subjects(RDF.type, kind)}
    assert {str(one).partition("#")[2] for one in rules} == {rule.id for rule in ama.policy.rules}


def test_the_shapes_hold(graph: Graph, shapes: Graph) -> None:
    conforms, _, report = pyshacl.validate(graph, shacl_graph=shapes, meta_shacl=True)
    assert conforms, report


@pytest.mark.parametrize("key", ["owl:versionInfo", "digest", "rules", "dct:valid"])
def test_the_shapes_find_a_statement_without_its_marks(form: Form, small: Statement, shapes: Graph, key: str) -> None:
    document = json.loads(form.write(small))
    del document["@graph"][0][key]
    assert not pyshacl.validate(Graph().parse(data=json.dumps(document), format="json-ld"), shacl_graph=shapes)[0]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("dct:identifier", []), ("kind", "amanat:kind/allow"), ("target", []), ("action", "amanat:purpose/billing"),
        ("constraint", {"@type": "odrl:Constraint", "leftOperand": "odrl:count", "operator": "odrl:eq",
                        "rightOperand": {"@value": 1}}),
        ("constraint", {"@type": "odrl:LogicalConstraint"}),
    ],
)  # fmt: skip
def test_the_shapes_find_a_faulty_rule(small: Statement, shapes: Graph, key: str, value: object) -> None:
    document = json.loads(odrl(small))
    document["@graph"][0]["permission"][0][key] = value
    assert not pyshacl.validate(Graph().parse(data=json.dumps(document), format="json-ld"), shacl_graph=shapes)[0]


def test_what_is_written_is_read_back_equal(form: Form, ama: Statement) -> None:
    assert form.read(form.write(ama).encode()) == ama.policy


def test_a_rule_that_lost_a_single_key_is_not_read(form: Form, ama: Statement) -> None:
    text = form.write(ama)
    for key in {key for node in nodes(json.loads(text), form) for key in node} - {"dct:description"}:
        document = json.loads(text)
        node = next(one for one in nodes(document, form) if key in one)
        del node[key]
        with pytest.raises(MalformedError):
            form.read(json.dumps(document).encode())


def test_a_rule_with_something_added_is_not_read(form: Form, ama: Statement) -> None:
    document = json.loads(form.write(ama))
    nodes(document, form)[0]["odrl:remedy"] = "amanat:obligation/log"
    with pytest.raises(FormError, match="as we write it"):
        form.read(json.dumps(document).encode())


def test_a_permit_among_the_prohibitions_is_not_read(form: Form, ama: Statement) -> None:
    document = json.loads(form.write(ama))
    head = document["@graph"][0]
    head[form.stops].append(head[form.permits].pop())
    with pytest.raises(FormError, match="the reverse"):
        form.read(json.dumps(document).encode())


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"@graph":[]}', b"[" * 100_000, b"\xff", b" " * 20_000_001])
def test_anything_else_is_refused(form: Form, data: bytes) -> None:
    with pytest.raises(FormError):
        form.read(data)


def test_a_condition_that_never_holds_comes_back_as_one(form: Form, ama: Statement) -> None:
    never = Rule("6.7", RuleKind.PERMIT, Box(actions=1), when=NEVER)
    closed = Statement(**(vars(ama) | {"policy": Policy((never,), "1", "0" * 64)}))
    assert form.read(form.write(closed).encode()).rules == (never,)


def test_an_axis_without_words_is_not_written() -> None:
    with pytest.raises(FormError, match="match nothing"):
        form_of(Rule("6.7", RuleKind.PERMIT, Box(actions=0)))


def test_each_line_of_the_table_of_names_is_about_a_word_of_ours() -> None:
    words = {str(one["@id"]).removeprefix("amanat:") for one in concepts()}
    rooms = {word.partition("/")[0] for word in words}
    assert {f"{room}/{word}" for room, word in matches() if room in rooms} - words == set()
    assert {room for room, _ in matches()} - rooms == {"basis", "measure"}
