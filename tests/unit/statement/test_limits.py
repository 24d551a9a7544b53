"""A statement from a stranger is only ever data: size, depth and time are bounded, and the worst are soon refused.

Each hostile file is near the size limit. Where reading were quadratic, one of them alone would take minutes.
"""

import itertools
import string
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from amanat.statement.cases import MAX_WORLD
from amanat.statement.compile import compile_statement, load_statement
from amanat.statement.diagnostics import MAX_FINDINGS, StatementError
from amanat.statement.document import MAX_BYTES, MAX_LINE, MAX_LINES, MOST
from amanat.statement.keys import MAX_FACTS, MAX_WAYS

HEADER = "---\nstatement: a\nversion: b\neffective: 2027-01-01\n---\n"
WORLD = "```world\ncompany(CH), relation(direct), country(CH), entitlement, agreement(live), k(25)\n```\n"
CLAUSE = "### 6.7 T\n[x](data:personal) [y](if:order) [z](if:tool) [d](do:use)\n"
SAID = "permit 6.7zzz\n  do use\n  data personal\n  if order\n  and tool\n"
MANY = MAX_LINES - 40
SECONDS = 1.0


def suffixes() -> Iterator[str]:
    for size in itertools.count(1):
        yield from map("".join, itertools.product(string.ascii_lowercase, repeat=size))


def rules(number: int, condition: str = "") -> str:
    body = f"\n  do any\n  data personal\n{condition}"
    return "".join(f"permit 6.7{suffix}{body}" for suffix in itertools.islice(suffixes(), number))


def block(word: str, body: str) -> str:
    return f"```{word}\n{body}```\n"


HOSTILE = {
    "one heading again and again": "### 6.7 a\n" * MANY,
    "a clause a line": "".join(f"### 6.{number} a\n" for number in range(MANY)),
    "blocks without end": CLAUSE + "```rule\n```\n" * (MANY // 2),
    "notes without end": CLAUSE + "> note x\n" * MANY,
    "links without end": CLAUSE + ("[a](b:c)" * 400 + "\n") * 600,
    "brackets without end": CLAUSE + ("[" * 3900 + "\n") * 500,
    "unseen letters": CLAUSE + "\x00\n" * MANY,
    "alternatives without end": CLAUSE + block("rule", SAID + "  or order\n" * MANY),
    "conditions without end": CLAUSE + block("rule", SAID + "  and order\n" * MANY),
    "unknown words": CLAUSE + block("rule", SAID + "  who abcdefgh\n" * MANY),
    "unknown kinds": CLAUSE + block("rule", "pemrit 6.7\n" * MANY),
    "long unknown words": CLAUSE + block("rule", SAID + ("  who " + "ab" * 1900 + "\n") * 500),
    "rules without end": CLAUSE + block("rule", SAID + rules(12_900)),
    "rules of many alternatives": CLAUSE + block("rule", SAID + rules(600, "  if order\n" + "  or tool\n" * 60)),
    "duties without end": CLAUSE + block("rule", "duty 6.7\n" * MANY),
    "cases that cannot be read": CLAUSE + block("cases", "permit clinicain view name\n" * MANY),
    "cases without end": WORLD + CLAUSE + block("rule", SAID + rules(1))
    + block("cases", "permit clinician view name for consultation\n" * (MANY - 20)),
    "many rules near many cases": WORLD + CLAUSE + block("rule", SAID + rules(MOST["rules"] - 1))
    + block("cases", "permit clinician view name for consultation\n" * MOST["cases"]),
    "costly rules near many cases": WORLD + CLAUSE
    + block("rule", SAID + rules(300, "  if tool\n" + "  or order\n" * 60))
    + block("cases", "deny clinician view name for consultation\n" * MOST["cases"]),
    "cases about much data": WORLD + CLAUSE + block("rule", SAID + rules(2000))
    + block("cases", f"permit clinician view {','.join(['name'] * 700)} for consultation\n" * 400),
    "a world without end": block("world", "choice(withhold, name)\n" * (MANY // 2)) + CLAUSE
    + block("cases", "permit clinician view name\n" * (MANY // 2 - 20)),
    "as many cases as may be": WORLD + CLAUSE + block("rule", SAID + rules(1))
    + block("cases", "permit clinician view name for consultation\n" * MOST["cases"]),
    "a world of long lines": block("world", ("consent(newsletter), " * 180 + "\n") * 40) + CLAUSE
    + block("cases", "permit clinician view name for consultation\n" * MOST["cases"]),
}  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_read_or_refused_in_time(body: str) -> None:
    text = HEADER + body
    assert len(text) < MAX_BYTES
    began = time.process_time()
    refused = outcome_of(text)
    assert time.process_time() - began < SECONDS
    assert refused is None or len(refused.diagnostics) <= MAX_FINDINGS + 1


def outcome_of(text: str) -> StatementError | None:
    """How reading ends; what is refused is also put in words, as a person would see it."""
    try:
        compile_statement(text)
    except StatementError as error:
        error.explain()
        return error
    return None


@pytest.mark.parametrize("unit", ["or", "and"])
def test_reading_takes_time_in_proportion_to_size(unit: str) -> None:
    """Four times the conditions, some four times the time; a reader that copied each time would take sixteen."""

    def seconds(number: int) -> float:
        condition = "  if order\n" + f"  {unit} tool\n" * 50
        text = HEADER + CLAUSE + block("rule", SAID + rules(number, condition))
        began = time.process_time()
        with pytest.raises(StatementError):
            compile_statement(text)
        return time.process_time() - began

    seconds(10)
    assert min(seconds(600) for _ in range(3)) < 9 * min(seconds(150) for _ in range(3))


def codes(text: str) -> set[str]:
    with pytest.raises(StatementError) as caught:
        compile_statement(HEADER + text)
    return {one.code for one in caught.value.diagnostics}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x\n" * MAX_LINES, "S001"),
        ("x" * MAX_BYTES, "S001"),
        (HOSTILE["a clause a line"], "S001"),
        (HOSTILE["rules without end"], "S001"),
        (HOSTILE["cases without end"], "S001"),
        (CLAUSE + "x" * (MAX_LINE + 1), "S004"),
        (CLAUSE + block("rule", "  " + "x" * (MAX_LINE + 1) + "\n"), "S004"),
        (HOSTILE["unknown words"], "S011"),
        (HOSTILE["many rules near many cases"], "S012"),
        (CLAUSE + block("rule", SAID + "  or tool\n" * MAX_WAYS), "R001"),
        (CLAUSE + block("rule", SAID + "  and tool\n" * MAX_FACTS), "R001"),
        (block("world", "consent(newsletter)\n" * (MAX_WORLD // 10)), "K001"),
    ],
)
def test_a_bound_that_is_passed_is_told_and_keeps_the_file_out_of_force(text: str, code: str) -> None:
    assert code in codes(text)


def test_the_bounds_leave_room_for_statements_many_times_the_installed_one() -> None:
    assert min(MOST.values()) >= 1_000
    ama = load_statement("ama")
    assert len(ama.text) * 10 < MAX_BYTES


def test_of_a_file_without_end_only_so_much_is_read() -> None:
    with pytest.raises(StatementError, match="S001"):
        load_statement(str(Path("/dev/zero")))


def test_no_code_of_a_statement_is_run(tmp_path: Path) -> None:
    """What other languages would evaluate is here a word that nobody knows."""
    mark = tmp_path / "mark"
    for spell in (f"__import__('os').system('touch {mark}')", f"$(touch {mark})", f"`touch {mark}`", "{{7*7}}"):
        for line in (f"  who {spell}", f"  if {spell}", f"  then {spell}"):
            assert codes(CLAUSE + block("rule", f"permit 6.7\n  do use\n  data personal\n{line}\n"))
        assert codes(CLAUSE + block("cases", f"permit clinician view name given {spell}\n"))
    assert not mark.exists()
