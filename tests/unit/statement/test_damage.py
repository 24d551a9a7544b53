"""A damaged statement is refused in words: it never crashes, never hangs, and is never half in force."""

import random
from collections.abc import Callable

import pytest

from amanat.statement.compile import Statement, compile_statement
from amanat.statement.diagnostics import StatementError
from stage.draws import seeded

Damage = Callable[[list[str], random.Random], None]


def drop(lines: list[str], draw: random.Random) -> None:
    del lines[draw.randrange(len(lines))]


def repeat(lines: list[str], draw: random.Random) -> None:
    place = draw.randrange(len(lines))
    lines.insert(place, lines[place])


def swap(lines: list[str], draw: random.Random) -> None:
    one, other = draw.randrange(len(lines)), draw.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]


def scratch(lines: list[str], draw: random.Random) -> None:
    """One character becomes another, of any script, or goes."""
    place = draw.randrange(len(lines))
    text = lines[place]
    at = draw.randrange(len(text) + 1)
    lines[place] = text[:at] + draw.choice(("", "x", "`", "[", "(", ":", " ", "²", "\u202e", "\0")) + text[at + 1 :]


def splice(lines: list[str], draw: random.Random) -> None:
    place = draw.randrange(len(lines))
    lines[place] = lines[place][: draw.randrange(len(lines[place]) + 1)] + lines[draw.randrange(len(lines))]


# Sections of which each kind of rule, condition and note is one, and whose cases need no other section.
ALONE = ("0.1", "0.5", "2.5", "3.1", "3.2a", "3.3", "5.5", "5.6", "6.7", "6.9", "M.1", "C.2")
DAMAGES: tuple[Damage, ...] = (drop, repeat, swap, scratch, splice)


@pytest.fixture(scope="module")
def small(ama: Statement) -> list[str]:
    """Header, world and sections that stand alone: small enough to be damaged hundreds of times."""
    head, *sections = ama.text.split("\n### ")
    return "\n### ".join([head, *(one for one in sections if one.split()[0] in ALONE)]).splitlines()


def test_the_undamaged_excerpt_compiles(small: list[str]) -> None:
    compile_statement("\n".join(small))


def test_hundreds_of_damaged_excerpts_are_read_or_refused_in_words(small: list[str]) -> None:
    draw, refused = seeded(400), list[StatementError]()
    for number in range(400):
        lines = list(small)
        DAMAGES[number % len(DAMAGES)](lines, draw)
        try:
            compile_statement("\n".join(lines))
        except StatementError as error:
            refused.append(error)
    assert len(refused) > 60
    findings = [one for error in refused for one in error.diagnostics]
    assert all(error.diagnostics for error in refused)
    assert all(one.line >= 1 and one.code and one.message for one in findings)


def test_random_text_is_refused_in_words() -> None:
    draw = seeded(1)
    alphabet = "abc `#>[]():,-\n\t§²日\u202e\0"
    for _ in range(300):
        with pytest.raises(StatementError):
            compile_statement("".join(draw.choices(alphabet, k=draw.randrange(400))))


@pytest.mark.parametrize("filler", [" ", "[", "(", "a,", " for ", "`", "\\", "[a](", "₂"])
def test_hostile_lines_are_read_in_time(filler: str) -> None:
    """Long lines of one thing are where careless patterns hang; the suite's time limit is the guard."""
    long = (filler * 4000)[:3990]
    cases = "\n".join([f"permit {long}"] * 100)
    header = "---\nstatement: a\nversion: b\neffective: 2027-01-01\n---\n### 6.7 Title\n"
    text = f"{header}{long}\n```rule\n  {long}\n```\n```cases\n{cases}\n```"
    with pytest.raises(StatementError):
        compile_statement(text)
