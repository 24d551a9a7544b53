"""Back to text: a printed document is its file, and a printed rule or declaration reads back to an equal one."""

import random
from collections.abc import Iterator
from dataclasses import fields, replace
from importlib.resources import files

import pytest

from amanat.policy.literals import ATOMS, PARAMETERS
from amanat.policy.rule import ALWAYS, NEVER, Box, Condition, Conjunction, Literal, Obligation, Rule, RuleKind
from amanat.statement.compile import Statement, load_statement
from amanat.statement.declarations import Consequence, Declaration, Definition, Duty, Right
from amanat.statement.declaring import read_declarations
from amanat.statement.diagnostics import Diagnostic
from amanat.statement.document import Line, read_document
from amanat.statement.draft import RuleDraft
from amanat.statement.keys import AXES
from amanat.statement.printer import UnprintableError, print_declaration, print_document, print_draft, print_rule
from amanat.statement.rules import read_rules
from amanat.vocabulary.choices import OPT_INS, OPT_OUTS
from amanat.vocabulary.duties import EVENTS, EVIDENCE
from amanat.vocabulary.services import SERVICE
from amanat.vocabulary.terms import CATEGORY, PROFILE, ROLE, Axis
from stage.draws import seeded

FOLDERS = (files("amanat").joinpath("statements"), files("amanat").joinpath("statements", "overlays"))
SHIPPED = {one.name: one for folder in FOLDERS for one in folder.iterdir() if one.name.endswith(".md")}
NAMES = ("ama", "ama-1.1", "ama-v0")


def lines(text: str) -> list[Line]:
    return [Line(number, line) for number, line in enumerate(text.splitlines(), 1)]


def read(text: str, clause: str) -> RuleDraft:
    """The rule again. Faults of meaning (a dead rule, say) do not matter here; each line must be read."""
    findings: list[Diagnostic] = []
    (draft,) = read_rules(lines(text), clause, findings)
    assert [one for one in findings if one.code == "R001"] == [], text
    return draft


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_a_shipped_file_is_printed_letter_for_letter(name: str) -> None:
    text = SHIPPED[name].read_text(encoding="utf-8")
    document = read_document(text)
    assert print_document(document) == text
    assert read_document(print_document(document)) == document


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_of_a_shipped_statement_reads_back_equal(name: str) -> None:
    for clause, drafts in load_statement(name).drafts.items():
        for draft in drafts:
            again = read(print_draft(draft), clause)
            assert replace(again.rule, line=0) == replace(draft.rule, line=0)
            assert again.by_default == draft.by_default


@pytest.mark.parametrize("name", NAMES)
def test_every_declaration_of_a_shipped_statement_reads_back_equal(name: str) -> None:
    for one in load_statement(name).declarations:
        assert replace(reread(one), line=0) == replace(one, line=0)


def reread(one: Declaration) -> Declaration:
    findings: list[Diagnostic] = []
    (draft,) = read_declarations(lines(print_declaration(one)), one.clause, findings)
    assert findings == []
    return draft.declaration(one.clause)


def test_a_rule_is_printed_as_its_author_would_write_it(ama: Statement) -> None:
    (rule,) = (one for one in ama.policy.rules if one.id == "8.6m")
    assert print_rule(rule) in ama.text


# Drawn rules: every axis, every condition, every obligation, in every shape that a line can say.


def draw_mask(axis: Axis, draw: random.Random) -> int:
    return axis.union(draw.sample(axis.leaves, draw.randint(1, len(axis.leaves))))


def draw_literal(draw: random.Random) -> Literal:
    atom = draw.choice(list(ATOMS))
    parameter = draw.choice(sorted(PARAMETERS[atom] or {""}))
    return Literal(atom, parameter, draw.random() < 0.8, draw.choice(("", "", "6.9a", "B.1")))


def draw_way(draw: random.Random) -> Conjunction:
    return tuple(draw_literal(draw) for _ in range(draw.randint(1, 4)))


def draw_condition(draw: random.Random, absent: Condition) -> Condition:
    if draw.random() < 0.3:
        return absent
    return tuple(draw_way(draw) for _ in range(draw.randint(1, 3)))


def draw_rule(draw: random.Random) -> Rule:
    box = {name: draw_mask(axis, draw) for name, axis in AXES.values() if draw.random() < 0.6}
    duties = draw.sample(
        (Obligation("minimise"), Obligation("review", "72h"), Obligation("aggregate_k", "10"), Obligation("log")),
        draw.randint(0, 4),
    )
    return Rule(
        "6.7x",
        draw.choice(list(RuleKind)),
        Box(**box, fields=PROFILE["emergency_minimum"] if draw.random() < 0.2 else None),
        draw_condition(draw, ALWAYS),
        draw_condition(draw, ALWAYS),
        draw_condition(draw, NEVER),
        tuple(duties),
    )


def test_three_thousand_drawn_rules_read_back_equal() -> None:
    draw = seeded(7)
    for _ in range(3000):
        rule = draw_rule(draw)
        assert replace(read(print_rule(rule), "6.7").rule, line=0) == rule, print_rule(rule)


def draw_declaration(draw: random.Random) -> Declaration:
    services = draw.sample(SERVICE.leaves, draw.randint(3, len(SERVICE.leaves)))
    first, second = sorted((draw.randint(1, len(services) - 1), draw.randint(1, len(services) - 1)))
    in_order = [tuple(one for one in SERVICE.leaves if one in part)
                for part in (services[:first], services[first:second], services[second:])]  # fmt: skip
    span = draw.choice(("always", "72h", "30d", "10wd", "2y", ""))
    evidence = tuple(draw.sample(EVIDENCE, draw.randint(0, 3)))
    words = tuple(draw.sample(sorted(CATEGORY.mask), 4))
    choice = draw.choice([kind.value for kind in (*OPT_INS, *OPT_OUTS)])
    return draw.choice((
        Duty("6.7d", "6.7", 1, draw.choice((*ROLE.leaves, "")), draw.choice((*EVENTS, "")), span, evidence),
        Right("6.7d", "6.7", 1, ("person",), ("view", "telling"), words, ((Literal("identity", "proven"),),), span),
        Right("6.7d", "6.7", 1, (), ("erase",), words, (
            (Literal("agreement"), Literal("term", "secrecy", cites="6.9a"), Literal("term", "onward")),
        )),
        Definition("6.7d", "6.7", 1, tuple(("data", word) for word in words)),
        Consequence("6.7d", "6.7", 1, draw.choice(("give", "withdraw")), choice, *in_order),
    ))  # fmt: skip


def test_a_thousand_drawn_declarations_read_back_equal() -> None:
    draw = seeded(8)
    for _ in range(1000):
        one = draw_declaration(draw)
        assert reread(one) == one, print_declaration(one)


def draw_text(draw: random.Random) -> Iterator[str]:
    """A file of any shape: blocks in any order and number, blank lines, notes between prose, blocks left open."""
    yield from ("---", "statement:  odd   # a comment", "translates: ama 1.0.0", "approved: nobody", "---")
    clauses = iter(("6.7", "6.8", "8.4", "B.1"))
    for _ in range(draw.randint(0, 30)):
        yield draw.choice((
            "", "  ", "We [pass](do:transfer) it.", "> note A-1: so it is.", "> source 6.7", ">note", "## Part 6",
            "# One",
            f"### {next(clauses, '6.9')} A title", "### no id", "```rule", "```  cases ", "```world", "```", "```odd",
            "permit 6.7", "  do   view ,use", "\tdata\tpersonal", "deny clinician view name", "日本語 [語](data:name)",
        ))  # fmt: skip


def test_two_thousand_drawn_files_are_printed_letter_for_letter() -> None:
    draw = seeded(9)
    for _ in range(2000):
        text = "\n".join(draw_text(draw))
        document = read_document(text)
        assert print_document(document) == text
        assert read_document(print_document(document)) == document


def test_other_line_ends_become_line_feeds() -> None:
    assert print_document(read_document("---\r\na: b\r\n---\r\n")) == "---\na: b\n---\n"


@pytest.mark.parametrize(
    "rule",
    [
        Rule("6.7", RuleKind.PERMIT, Box(), when=NEVER),
        Rule("6.7", RuleKind.PERMIT, Box(), when=((), (Literal("order"),))),
        Rule("6.7", RuleKind.PERMIT, Box(fields=frozenset({"name"}))),
    ],
)
def test_what_no_line_can_say_is_refused(rule: Rule) -> None:
    with pytest.raises(UnprintableError):
        print_rule(rule)


def test_every_part_of_a_rule_is_drawn() -> None:
    """The drawn rules would not show a part that was added to the model and forgotten here."""
    assert {one.name for one in fields(Box)} == {name for name, _ in AXES.values()} | {"fields"}
    parts = {"id", "kind", "box", "when", "need", "unless", "then", "line", "section"}
    assert {one.name for one in fields(Rule)} == parts
