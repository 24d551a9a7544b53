"""From file to statement: what is read, which locks hold, and that nothing faulty is ever put in force."""

from pathlib import Path

import pytest

from amanat.policy.decision import Outcome
from amanat.policy.interpreter import decide
from amanat.policy.wire import read_request
from amanat.statement.cases import read_cases
from amanat.statement.compile import Statement, compile_statement, load_statement
from amanat.statement.diagnostics import Diagnostic, StatementError
from amanat.statement.document import MAX_LINE, MAX_LINES, Line, read_document

SMALL = """---
statement: small
version: 0.1.0
effective: 2027-01-01
---
# A small statement

```world
company(CH), relation(direct), country(CH), recipient_country(CH), age(41)
```

## Part 6 What we use it for

### 6.7 Firms that work for us
We may [tell or pass on](do:telling) [your data](data:personal) to [firms that work for us](to:provider),
[for our services](for:service), if the firm [signed](if:agreement). We send [no more than is needed](then:minimise).
```rule
permit 6.7
  do    telling
  data  personal
  to    provider
  for   service
  if    agreement
  then  minimise
```
```cases
permit  logistics_agent disclose name to provider.travel for logistics   given agreement(live)
deny    logistics_agent disclose name to provider.travel for logistics   because 6.7
```
> note A-22: the agreement comes first.
"""


def codes(text: str) -> set[str]:
    with pytest.raises(StatementError) as caught:
        compile_statement(text)
    return {one.code for one in caught.value.diagnostics}


def test_a_statement_holds_its_words_its_rules_and_one_digest_for_both() -> None:
    statement = compile_statement(SMALL)
    assert (statement.name, statement.version, statement.effective) == ("small", "0.1.0", "2027-01-01")
    (section,) = statement.sections
    assert (section.id, section.title, section.part) == ("6.7", "Firms that work for us", "Part 6 What we use it for")
    assert section.text.startswith("We may [tell or pass on](do:telling)")
    assert section.notes == [("note", "A-22: the agreement comes first.")]
    assert [anchor.words for anchor in section.anchors][:2] == ["tell or pass on", "your data"]
    assert statement.policy.digest == statement.digest
    assert compile_statement(SMALL + " ").digest != statement.digest


def test_what_else_the_header_says_is_kept() -> None:
    told = "language: fr\ntranslates: small 0.1.0\napproved: Dina, 2026-11-01   # in writing\n"
    header = compile_statement(SMALL.replace("effective:", told + "effective:", 1)).header
    assert {key: header[key] for key in ("language", "translates", "approved")} == {
        "language": "fr", "translates": "small 0.1.0", "approved": "Dina, 2026-11-01",
    }  # fmt: skip


def test_a_lettered_clause_is_found_in_the_section_of_its_number() -> None:
    statement = compile_statement(SMALL)
    assert statement.section("6.7a") is statement.section("6.7")
    assert statement.section("9.9") is None


def test_a_statement_without_rules_permits_nothing() -> None:
    header = SMALL[: SMALL.index("# A small")]
    empty = compile_statement(header)
    case = read_cases([Line(1, "deny member view name for billing")], "", {"subject": {}, "facts": {}}, [])
    assert empty.policy.rules == ()
    assert decide(empty.policy, read_request(case[0].wire)).outcome is Outcome.DENY


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("---\nstatement", "statement", "S002"),
        ("version: 0.1.0\n", "", "S003"),
        ("version: 0.1.0\n", "version: 1\nversion: 2\n", "S003"),
        ("version: 0.1.0\n", "version\n", "S003"),
        ("effective: 2027-01-01\n", "effective: soon\n", "S003"),
        ("effective: 2027-01-01\n", "effective: 2027-02-29\n", "S003"),
        ("effective: 2027-01-01\n", "effective: 9999-12-31\n", "S003"),
        ("We may", "x" * (MAX_LINE + 1), "S004"),
        ("```\n> note", "> note", "S005"),
        ("### 6.7 Firms", "### Firms", "S006"),
        ("> note", "### 6.7 Again\n> note", "S007"),
        ("## Part 6", "```rule\npermit 6.7\n```\n## Part 6", "S008"),
        ("```rule", "```rules", "S009"),
        ("  to    provider", "  to    provdier", "R001"),
        ("> note", "```rule\npermit 6.7\n  do any\n  data personal\n```\n> note", "R007"),
        ("[your data](data:personal)", "your data", "L02"),
        ("[your data](data:personal)", "[your data](data:medical)", "L02"),
        ("  then  minimise\n", "", "L02"),
        ("[signed](if:agreement)", "[signed](if:order)", "L02"),
        ("deny    logistics_agent disclose name to provider.travel for logistics   because 6.7\n", "", "L05"),
        ("   given agreement(live)", "", "K003"),
        ("because 6.7", "because 6.12", "K004"),
        ("age(41)", "age(old)", "K001"),
        ("given agreement(live)", "given agreement(eternal)", "K002"),
    ],
)
def test_a_fault_is_found_by_its_lock(old: str, new: str, code: str) -> None:
    assert SMALL.count(old) >= 1
    assert code in codes(SMALL.replace(old, new, 1))


def test_a_finding_says_file_line_clause_and_mend() -> None:
    with pytest.raises(StatementError) as caught:
        compile_statement(SMALL.replace("  to    provider", "  to    provdier"), "small.md")
    assert "small.md:21:9: clause 6.7: error R001: unknown recipient `provdier`" in str(caught.value)
    assert "hint: did you mean `provider`?" in str(caught.value)


def test_all_faults_are_told_at_once() -> None:
    broken = SMALL.replace("do    telling", "do    shouting").replace("then  minimise", "then  maximise")
    with pytest.raises(StatementError) as caught:
        compile_statement(broken)
    assert [one.line for one in caught.value.diagnostics if one.code == "R001"] == [19, 24]


def test_a_file_may_be_too_large() -> None:
    assert [one.code for one in read_document("x\n" * 40_001).findings] == ["S001"]
    assert [one.code for one in read_document("x" * 2_000_001).findings] == ["S001"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "S002"), (b"Just words.\n", "S002"), (SMALL.replace("---\n", "", 1).encode(), "S002"),
        (b"---\n" + b"x\n" * MAX_LINES, "S001"), (b"x" * 10_000_000, "S001"),
        (b"x" + "é".encode() * 5_000_000, "S001"),
        (SMALL.replace("We may", "We máy").encode("latin-1"), "S000"), (bytes(range(256)), "S000"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_statement_at_all_is_told_once_with_its_mend(tmp_path: Path, text: bytes, told: str) -> None:
    file = tmp_path / "ours.md"
    file.write_bytes(text)
    with pytest.raises(StatementError) as caught:
        load_statement(str(file))
    assert [(one.code, bool(one.hint)) for one in caught.value.diagnostics] == [(told, True)]
    assert "codec" not in str(caught.value)


def test_a_character_in_another_encoding_is_told_by_its_line(tmp_path: Path) -> None:
    file = tmp_path / "ours.md"
    file.write_bytes(SMALL.encode() + "Ménage\n".encode("latin-1"))
    with pytest.raises(StatementError) as caught:
        load_statement(str(file))
    assert [one.line for one in caught.value.diagnostics] == [SMALL.count("\n") + 1]


def test_a_statement_is_loaded_by_name_or_by_path(tmp_path: Path, ama: Statement) -> None:
    file = tmp_path / "small.md"
    file.write_text(SMALL, encoding="utf-8")
    assert load_statement(str(file)).name == "small"
    assert load_statement("ama").digest == ama.digest


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_a_finding(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "broken.md"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(StatementError, match="S000"):
        load_statement(str(file))
    with pytest.raises(StatementError, match="no statement `nowhere` is installed"):
        load_statement("nowhere")


@pytest.mark.parametrize("name", ["a" * 300, "a/" * 3_000, "../statements/ama", "a\0", ""])
def test_what_can_be_no_name_is_a_finding(name: str) -> None:
    with pytest.raises(StatementError, match="S000"):
        load_statement(name)


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ("permit clinician view", "is not a case"),
        ("allow clinician view name", "unknown outcome"),
        ("permit physician view name", "unknown role"),
        ("permit clinician view nmae", "did you mean `name`"),
        ("permit clinician view name for billing for claims", "stands twice"),
        ("permit clinician view name given luck", "unknown fact `luck`"),
        ("permit clinician view name given no luck", "unknown fact `no luck`"),
        ("permit clinician view name given tool(((", "is not a fact"),
        ("permit clinician view name given age(x)", "is not a whole number"),
        ("permit clinician view name given k(²)", "is not a whole number"),
        ("permit clinician view name via smoke", "unknown channel"),
    ],
)
def test_a_case_that_cannot_be_read_is_a_finding(case: str, says: str) -> None:
    findings: list[Diagnostic] = []
    assert read_cases([Line(3, case)], "6.7", {"subject": {}, "facts": {}}, findings) == []
    assert (findings[0].line, findings[0].code, findings[0].clause) == (3, "K002", "6.7")
    assert says in f"{findings[0].message}; {findings[0].hint}"


def test_a_case_starts_from_the_world_and_overrides_it() -> None:
    world = {"company": "CH", "subject": {"age": 41, "choices": []}, "facts": {"agreement": "live"}}
    text = "permit clinician view name of dependant_of in urgent, minor given agreement(expired), consent(newsletter)"
    (case,) = read_cases([Line(1, text)], "6.7", world, [])
    assert case.wire["subject"] == {"age": 41, "choices": ["newsletter"], "relation": "dependant_of"}
    assert case.wire["contexts"] == ["urgent", "minor"]
    assert (case.wire["facts"], world["facts"]) == ({"agreement": "expired"}, {"agreement": "live"})
