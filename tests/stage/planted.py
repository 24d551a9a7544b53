"""Statements with one fault planted, for the lints: small ones, rules without words, and edits of a whole one."""

from dataclasses import replace

from amanat.policy.literals import PARAMETERS
from amanat.statement.compile import Statement, compile_statement
from amanat.statement.lints.lint import LINTS, lint
from stage.draws import seeded
from stage.rules import policy_of

HEAD = """---
statement: small
version: 1.0.0
effective: 2027-01-01
{more}---
```world
company(CH), relation(direct), country(CH), recipient_country(CH), age(41)
```
"""


def statement_of(*clauses: str, more: str = "") -> Statement:
    """A statement of these clauses; `more` are further lines of its header."""
    return compile_statement("\n".join([HEAD.format(more=more), *clauses]))


def clause(name: str, prose: str, *notes: str, rule: str = "", cases: str = "") -> str:
    """A clause as a file has it."""
    blocks = [f"```{word}\n{text.strip()}\n```" for word, text in (("rule", rule), ("cases", cases)) if text]
    return "\n".join([f"### {name} Title of {name}", prose, *blocks, *(f"> {note}" for note in notes), ""])


def ruling(rules: str) -> Statement:
    """A statement of these rules, of which no words are asked."""
    return replace(statement_of(clause("6.7", "We help.")), policy=policy_of(rules))


def edited(statement: Statement, *edits: tuple[str, str]) -> Statement:
    """The statement compiled again with each of these texts in place of another that it holds once."""
    text = statement.text
    for old, new in edits:
        assert text.count(old) == 1, (text.count(old), old)
        text = text.replace(old, new)
    return compile_statement(text)


def told(code: str, statement: Statement, base: Statement | None = None) -> list[str]:
    """What one lint says of a statement, whatever the others say."""
    assert any(one.code == code for one in LINTS)
    found = lint(statement, base=base).findings
    return [f"{one.clause} {one.level}: {one.message}".strip() for one in found if one.code == code]


def too_hard_a_property(title: str) -> str:
    """A property over many facts in many ways at once."""
    draw, facts = seeded(1), ["order", "entitlement", "attested_source", "agreement", "glass", "company_law", "law"]
    facts += [f"platform {one}" for one in sorted(PARAMETERS["platform"] or ())]
    facts += [f"consent {one}" for one in sorted(PARAMETERS["consent"] or ()) if " per " not in one]
    lines = [f"never: {title}"]
    for way in range(64):
        for place, fact in enumerate(draw.sample(facts, 3)):
            key = "and" if place else "or" if way else "if"
            lines.append(f"  {key} {draw.choice(['', 'not '])}{fact}")
    return "\n".join(lines)
