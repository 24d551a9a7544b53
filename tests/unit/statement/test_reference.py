"""The reference of the language is true: its examples compile, and it leaves nothing out."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from amanat.policy.decision import Outcome
from amanat.policy.interpreter import decide
from amanat.policy.literals import ATOMS
from amanat.policy.rule import RuleKind
from amanat.policy.wire import loads, read_request, write_decision
from amanat.statement import cases as case_facts
from amanat.statement.cases import MAX_WORLD, read_cases, read_world
from amanat.statement.codes import WHY
from amanat.statement.compile import Statement, compile_statement
from amanat.statement.declaring import KINDS, divide, read_declarations
from amanat.statement.diagnostics import MAX_FINDINGS, Diagnostic, StatementError
from amanat.statement.document import MAX_LINE, MAX_LINES, MOST, Line, read_document
from amanat.statement.keys import AXES, CONDITIONS
from amanat.statement.words import label, term_words
from amanat.vocabulary.clauses import section_of
from amanat.vocabulary.duties import EVENTS, EVIDENCE
from amanat.vocabulary.services import NEEDS
from amanat.vocabulary.terms import PROFILE
from stage.rules import policy_of

ROOT = Path(__file__).parents[3]
REFERENCE = (ROOT / "docs" / "reference" / "statement-language.md").read_text(encoding="utf-8")
CONTRACT = (ROOT / "docs" / "reference" / "decide.md").read_text(encoding="utf-8")
RULES = re.findall(r"(?<!`)```rule\n(.*?)```", REFERENCE, re.DOTALL)
SAMPLE = re.search(r"````markdown\n(.*?)````", REFERENCE, re.DOTALL)


def generated(name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n(.*?)\n?<!-- end -->", REFERENCE, re.DOTALL)
    assert found, name
    return found[1]


def obligations(ama: Statement) -> str:
    """Clause → obligations, as a table."""
    found: dict[str, dict[str, None]] = {}
    for rule in ama.policy.rules:
        found.setdefault(rule.section, {}).update(dict.fromkeys(f"`{duty}`" for duty in rule.then))
    rows = [f"| {clause} | {' '.join(duties)} |" for clause, duties in found.items() if duties]
    return "\n".join(["| clause | obligations |", "|---|---|", *rows])


def services(_: Statement) -> str:
    rows = [
        f"| `{service}` | {_listed(needs.facts)} | {_listed(needs.data)} |"
        f" {_listed(needs.choices)}{' or a broken glass' if needs.or_glass else ''} | {_gains(needs.adds)} |"
        for service, needs in NEEDS.items()
    ]
    head = ["| service | facts | data | choices | a further yes adds |", "|---|---|---|---|---|"]
    return "\n".join([*head, *rows])


def _gains(adds: Mapping[str, str]) -> str:
    return ", ".join(f"`{choice}`: {label('gain', gain)}" for choice, gain in adds.items())


def _listed(words: Iterable[str]) -> str:
    return " ".join(f"`{word}`" for word in words)


def _meanings(kind: str, words: Iterable[str]) -> str:
    rows = [f"| `{word}` | {label(kind, word)}: {term_words(kind, word)} |" for word in words]
    return "\n".join([f"| {kind} | is |", "|---|---|", *rows])


def profiles(_: Statement) -> str:
    rows = [f"| `{name}` | {_listed(sorted(words))} |" for name, words in PROFILE.items()]
    return "\n".join(["| profile | fields |", "|---|---|", *rows])


def findings(_: Statement) -> str:
    assert SAMPLE
    faulty = SAMPLE[1].replace("to    provider", "to    providr").replace("deny    log", "dney    log")
    with pytest.raises(StatementError) as caught:
        compile_statement(faulty, "small.md")
    return f"```text\n{caught.value.explain()}\n```"


GENERATED: Mapping[str, Callable[[Statement], str]] = {
    "obligations": obligations,
    "services": services,
    "profiles": profiles,
    "findings": findings,
    "events": lambda _: _meanings("event", EVENTS),
    "evidence": lambda _: _meanings("evidence", EVIDENCE),
}


@pytest.mark.parametrize("name", GENERATED)
def test_what_is_printed_from_the_program_is_current(name: str, ama: Statement) -> None:
    wanted = GENERATED[name](ama)
    assert generated(name) == wanted, f"write this between the two comments:\n{wanted}"


def test_the_sample_file_compiles() -> None:
    assert SAMPLE
    assert compile_statement(SAMPLE[1]).name == "small"


@pytest.mark.parametrize("example", RULES)
def test_each_rule_example_compiles(example: str) -> None:
    rules, declared = divide([Line(number, line) for number, line in enumerate(example.splitlines(), 1)])
    if rules:
        assert policy_of("\n".join(line.text for line in rules)).version == "test"
    faults: list[Diagnostic] = []
    for block in blocks(declared):
        clause = section_of(block[0].text.split()[1]) or ""
        assert read_declarations(block, clause, faults)
    assert not faults, faults


def blocks(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Each declaration by itself, for examples stand under clauses of their own."""
    block: list[Line] = []
    for line in lines:
        if block and not line.text[:1].isspace():
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def test_the_examples_use_every_construct() -> None:
    used = {"for every" if "for every" in line else line.split()[0] for one in RULES for line in one.splitlines()}
    assert used >= {kind.value for kind in RuleKind} | set(KINDS)
    assert used >= {*AXES, *CONDITIONS, "and", "or", "then"}
    assert used >= {key for _, keys, _ in KINDS.values() for key in keys}
    together = "".join(RULES)
    assert all(word in together for word in (" by default", " in ", " as ", " with ", " per ", " not ", " >= "))


def test_the_grammar_names_every_word_that_is_written_in_a_file() -> None:
    (grammar,) = re.findall(r"```ebnf\n(.*?)\n```\n", REFERENCE, re.DOTALL)
    written = {kind.value for kind in RuleKind} | set(KINDS) | {key for _, keys, _ in KINDS.values() for key in keys}
    written |= {*AXES, *CONDITIONS, "and", "or", "then", "not", "as", "with", "per", "always", "by default"}
    written |= {*case_facts._KEYS, *(outcome.value for outcome in Outcome)}
    assert [word for word in sorted(written) if f'"{word}"' not in grammar] == []


def test_the_bounds_are_those_of_the_program() -> None:
    text = " ".join(REFERENCE[REFERENCE.index("## Bounds") : REFERENCE.index("## What is checked")].split())
    told = [f"{MAX_LINES:,} lines of {MAX_LINE:,} characters", f"{MAX_FINDINGS} findings", f"most {MAX_WORLD:,} char"]
    told += [f"{number:,} {what}" for what, number in MOST.items()]
    assert [one for one in told if one not in text] == []


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
    assert raised <= set(WHY)


def test_the_examples_of_the_contract_are_answered_as_printed(ama: Statement) -> None:
    (block,) = re.findall(r"```json\n(.*?)```", CONTRACT, re.DOTALL)
    lines = block.splitlines()
    for asked, answered in zip(lines[:4:2], lines[1:5:2], strict=True):
        wire = loads(asked.encode())
        assert {"id": wire["id"], **write_decision(decide(ama.policy, read_request(wire)))} == loads(answered.encode())
