"""The reference of the language is true: its examples compile, and it leaves nothing out."""

import re
from pathlib import Path

import pytest

from amanat.policy.interpreter import decide
from amanat.policy.literals import ATOMS
from amanat.policy.rule import RuleKind
from amanat.policy.wire import loads, read_request, write_decision
from amanat.statement import cases as case_facts
from amanat.statement.cases import read_cases, read_world
from amanat.statement.codes import WHY
from amanat.statement.compile import Statement, compile_statement
from amanat.statement.diagnostics import Diagnostic
from amanat.statement.document import Line, read_document
from amanat.statement.keys import AXES, CONDITIONS
from stage.rules import policy_of

ROOT = Path(__file__).parents[3]
REFERENCE = (ROOT / "docs" / "reference" / "statement-language.md").read_text(encoding="utf-8")
CONTRACT = (ROOT / "docs" / "reference" / "decide.md").read_text(encoding="utf-8")
RULES = re.findall(r"(?<!`)```rule\n(.*?)```", REFERENCE, re.DOTALL)
SAMPLE = re.search(r"````markdown\n(.*?)````", REFERENCE, re.DOTALL)


def obligations(ama: Statement) -> str:
    """Clause → obligations, as a table."""
    found: dict[str, dict[str, None]] = {}
    for rule in ama.policy.rules:
        found.setdefault(rule.section, {}).update(dict.fromkeys(f"`{duty}`" for duty in rule.then))
    rows = [f"| {clause} | {' '.join(duties)} |" for clause, duties in found.items() if duties]
    return "\n".join(["| clause | obligations |", "|---|---|", *rows])


def test_the_sample_file_compiles() -> None:
    assert SAMPLE
    assert compile_statement(SAMPLE[1]).name == "small"


@pytest.mark.parametrize("example", RULES)
def test_each_rule_example_compiles(example: str) -> None:
    assert policy_of(example)


def test_the_examples_use_every_construct() -> None:
    used = {line.split()[0] for example in RULES for line in example.splitlines()}
    assert used >= {kind.value for kind in RuleKind}
    assert used >= {*AXES, *CONDITIONS, "and", "or", "then"}
    together = "".join(RULES)
    assert all(word in together for word in (" by default", " in ", " as ", " with ", " per ", " not ", " >= "))


def test_every_condition_is_described() -> None:
    written = {"adult": "age >= 18", "context": "ctx <context>", "k": "k >= 10"}
    table = REFERENCE[REFERENCE.index("## Conditions") : REFERENCE.index("## Obligations")]
    assert [atom for atom in ATOMS if f"`{written.get(atom, atom)}" not in table] == []


def test_every_fact_of_a_case_is_described() -> None:
    table = REFERENCE[REFERENCE.index("## Cases") :]
    facts = {*case_facts._SETS, *case_facts._REMOVES, "consent", "choice"}
    assert [fact for fact in facts if not re.search(rf"`{fact}[`(]", table)] == []


def test_the_example_cases_hold_under_the_installed_statement(ama: Statement) -> None:
    (block,) = re.findall(r"(?<!`)```cases\n((?:permit  clinician).*?)```", REFERENCE, re.DOTALL)
    findings: list[Diagnostic] = []
    world = read_world(read_document(ama.text).world, findings)
    cases = read_cases([Line(1, line) for line in block.splitlines()], "", world, findings)
    assert not findings
    assert len(cases) == 4
    assert all(case_facts.run_case(ama.policy, case) is None for case in cases)


def test_every_code_of_reading_is_described_exists_and_has_a_reason() -> None:
    reading = ("document", "rules", "faults", "declaring", "locks", "cases", "compile", "diagnostics")
    folder = ROOT / "src/amanat/statement"
    sources = "".join((folder / f"{name}.py").read_text(encoding="utf-8") for name in reading)
    raised = set(re.findall(r'"([SRLK]\d{2,3})"', sources))
    described = set(re.findall(r"^\|.*?\|", REFERENCE[REFERENCE.index("## What is checked") :], re.MULTILINE))
    assert set(re.findall(r"\b[SRLK]\d{2,3}\b", "".join(described))) == raised
    assert raised - {"S000"} <= set(WHY)


def test_the_table_of_obligations_is_current(ama: Statement) -> None:
    table = re.search(r"<!-- obligations -->\n(.*?)\n?<!-- end -->", REFERENCE, re.DOTALL)
    assert table
    assert table[1] == obligations(ama), f"write this table between the two comments:\n{obligations(ama)}"


def test_the_examples_of_the_contract_are_answered_as_printed(ama: Statement) -> None:
    (block,) = re.findall(r"```json\n(.*?)```", CONTRACT, re.DOTALL)
    lines = block.splitlines()
    for asked, answered in zip(lines[:4:2], lines[1:5:2], strict=True):
        wire = loads(asked.encode())
        assert {"id": wire["id"], **write_decision(decide(ama.policy, read_request(wire)))} == loads(answered.encode())
