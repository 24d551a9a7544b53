"""Bad input: whatever is thrown at the language and at `amanat decide`, there is no crash, no hang and no wrong yes.

The same at the size of a night stands in `tests/drills/test_fuzz.py`.
"""

import importlib
import json
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from unittest import mock

import pytest

import amanat.policy
import amanat.statement
import amanat.vocabulary
from amanat.policy import glance
from amanat.policy.decision import Outcome
from amanat.policy.lines import Lines
from amanat.statement import document, rules
from amanat.statement.compile import Statement, compile_statement
from amanat.statement.diagnostics import StatementError
from amanat.statement.overlay_compile import compile_overlay, installed_overlays, load_overlay
from amanat.statement.overlay_lines import OverlaidLines
from amanat.statement.overlays import Overlaid
from stage.damages import damaged
from stage.draws import seeded
from stage.fuzzing import OF_ONE, compiled, each, in_time, request_tester, sound_statement, told_in_words, try_statement

_STOPS = ("forbid ", "require ", "choice ", "control ", "reach ")
# What no word of the prose has to say: who acts, about whom, together with what, and the platform's own checks.
_UNSPOKEN = ("who", "of", "beside")


@pytest.mark.timeout(1200)
def test_ten_thousand_statements_are_read_whole_or_refused_in_words() -> None:
    met = each(try_statement, range(10_000))
    assert met["sound"] == 10_000 / OF_ONE
    assert met["refused"] > 5_000
    assert met["read"] > 1_000


@pytest.mark.timeout(1200)
def test_a_hundred_thousand_lines_get_one_answer_each_and_the_defined_one(ama: Statement) -> None:
    met = each(request_tester(ama.policy), range(100_000))
    assert met["error"] > 20_000
    assert all(met[outcome.value] for outcome in Outcome)


def test_lines_of_much_data_or_of_long_aims_leave_no_trace(ama: Statement) -> None:
    lines = Lines(ama.policy)
    plain = {"actor": "member", "action": "use", "data": ["name"], "purpose": "billing"}
    for line in (plain | {"data": ["name"] * 1_000}, plain | {"purpose": "other." + "x" * 1_000}):
        before = len(lines._glance.decider.cells.groups)
        answer, decided = lines.answer(json.dumps(line).encode(), 1)
        assert decided is (b"error" not in answer) is (line["purpose"] == "billing")
        assert len(lines._glance.decider.cells.groups) == before


def test_under_overlays_lines_are_answered_as_they_are_defined(ama: Statement) -> None:
    around = [load_overlay(one, ama) for one in installed_overlays() if not one.startswith("contract:")]
    defined = Overlaid(ama.policy, around).decide
    met = each(request_tester(ama.policy, OverlaidLines(ama.policy, around), defined), range(5_000))
    assert met["permit"]


def test_damaged_overlays_are_read_or_refused_in_words(ama: Statement) -> None:
    texts = [load_overlay(one, ama).text for one in installed_overlays()]

    def try_overlay(seed: int) -> str:
        draw = seeded(seed)
        text = damaged(draw.choice(texts), draw)
        try:
            with in_time():
                compile_overlay(text, ama)
        except StatementError as error:
            told_in_words(error)
            return "refused"
        return "read"

    met = each(try_overlay, range(500))
    assert met["refused"] > 100
    assert met["read"] > 20


def test_the_trial_sees_a_line_that_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "_once", lambda draft, key: draft.keys.add(key))
    with pytest.raises(AssertionError, match="stands twice"):
        each(try_statement, range(3_000))


def test_the_trial_sees_a_hidden_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "_UNSEEN", re.compile("(?!)"))
    with pytest.raises(AssertionError):
        each(try_statement, range(3_000))


def test_the_trial_sees_a_repeated_key_that_is_read(ama: Statement, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glance, "_WRITE", _Unread)
    with pytest.raises(AssertionError):
        each(request_tester(ama.policy), range(3_000))


class _Unread:
    """Has as many colons as whatever it is compared with."""

    def __init__(self, _asked: object) -> None:
        pass

    def count(self, _colon: bytes) -> object:
        return mock.ANY


def test_no_line_that_stops_something_is_lost_or_doubled_in_silence() -> None:
    """Each change is refused, or is one that no public word speaks of: the signature of the clause guards that."""
    silent = 0
    for number in range(60):
        base = sound_statement(number)
        for kind, key, text in _changed(base.text):
            found = compiled(text)
            if isinstance(found, StatementError):
                continue
            if kind == "doubled":
                assert key in ("and", "or"), text
                assert all(_same(base, found)), text
            else:
                assert all(_unspoken(*one) for one in _operands(base) - _operands(found)), text
                silent += 1
    assert silent


def _changed(text: str) -> Iterator[tuple[str, str, str]]:
    """The text with one line of a stopping rule dropped or doubled, and the key of that line."""
    lines, stops = text.split("\n"), False
    for at, line in enumerate(lines):
        stops = line.startswith(_STOPS) or (stops and line.startswith("  "))
        if stops:
            key = line.split()[0]
            yield "dropped", key, "\n".join(lines[:at] + lines[at + 1 :])
            yield "doubled", key, "\n".join([*lines[:at], line, *lines[at:]])


def _operands(statement: Statement) -> set[tuple[str, str]]:
    return {one for listed in statement.drafts.values() for draft in listed for one in draft.operands}


def _unspoken(kind: str, term: str) -> bool:
    return kind in _UNSPOKEN or term.startswith("platform")


def _same(base: Statement, found: Statement) -> Iterator[bool]:
    for case in base.cases:
        before, now = base.decider.decide(case.request), found.decider.decide(case.request)
        yield (before.outcome, before.obligations) == (now.outcome, now.obligations)


_HEADER = "---\nstatement: a\nversion: b\neffective: 2027-01-01\n---\n### 6.7 Title\n[n](data:name) [o](if:order)\n"
_RULE = "```rule\nforbid 6.7\n  do  any\n  data  name\n  if  order\n```\n"
_CASE = "deny member use name for billing"


def _letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def _many_rules(number: int, *lines: str) -> str:
    whole = (f"permit 6.7{_letters(one)}\n  do  any\n  data  name\n  if  order\n" for one in range(number))
    return "```rule\n" + "".join(one + "".join(f"  {line}\n" for line in lines) for one in whole) + "```\n"


def _cases(number: int, *facts: str) -> str:
    return "```cases\n" + f"{_CASE} given {', '.join(('order', *facts))}\n" * number + "```\n"


# Made when they are asked for: together they are large.
_LARGE: dict[str, Callable[[], str]] = {
    "duties": lambda: _HEADER + "[m](then:minimise)\n" + _many_rules(400, "then  " + "minimise, " * 390) + _cases(100),
    "words": lambda: _HEADER + _many_rules(450, "who  " + "member, " * 490),
    "long cases": lambda: _HEADER + _RULE + _cases(3_900, *["consent(newsletter)"] * 20),
    "cases of many data": lambda: _HEADER + _RULE + _cases(500).replace("name for", "name," * 700 + "name for"),
    "links that say nothing": lambda: (
        _HEADER + "\n".join(f"[a](data:nam{one})" for one in range(39_000)) + "\n" + _RULE
    ),
    "many links in few lines": lambda: _HEADER + ("[a](data:name) " * 250 + "\n") * 500 + _RULE,
    "prose": lambda: _HEADER + ("word " * 790 + "\n") * 500,
    "one line": lambda: _HEADER + "a" * 1_900_000,
    "a long header": lambda: "---\n" + "".join(f"key{one}: value\n" for one in range(39_000)),
    "a long word in the header": lambda: "---\nversion: " + "v" * 1_900_000 + "\n---\n",
    "blocks in blocks": lambda: _HEADER + "```rule\n" * 39_000,
    "heads": lambda: _HEADER + "```rule\n" + "duty 6.7\n" * 3_990 + "```\n",
}


@pytest.mark.parametrize("name", _LARGE)
def test_the_largest_statements_are_read_or_refused_within_a_second(name: str) -> None:
    text = _LARGE[name]()
    with in_time():
        compiled(text)


def test_duties_weigh_too_where_cases_come_near() -> None:
    with pytest.raises(StatementError, match="S012"):
        compile_statement(_LARGE["duties"]())


_FILLERS = (
    " ", "a", "a ", "e", "ing", "9", "9.", "[", "[a](", "[a](b:c) ", "(", "`", "`a", "a,", " or ", ". ", ".", "\u201d",
    ".\u201d", "a-", "a'", "{a", "{a}", "; ", "> ", "#", ":", "no a", "a(", "consent(", ", ",
    "\t", "\\", "_", "-", "1,", "A.1",
)  # fmt: skip
_LINE = 4_000


_METHODS: dict[str, Callable[[re.Pattern[str], str], object]] = {
    "match": lambda pattern, text: pattern.match(text),
    "fullmatch": lambda pattern, text: pattern.fullmatch(text),
    "search": lambda pattern, text: pattern.search(text),
    "split": lambda pattern, text: pattern.split(text),
    "sub": lambda pattern, text: pattern.sub("", text),
    "findall": lambda pattern, text: pattern.findall(text),
    "finditer": lambda pattern, text: list(pattern.finditer(text)),
}
_USE = re.compile(rf"\b([A-Z_]+)\.({'|'.join(_METHODS)})\(")


@cache
def _uses() -> dict[str, tuple[re.Pattern[str], str]]:
    """Every pattern of the modules that read statements, and the ways in which the module uses it."""
    found = {}
    for package in (amanat.statement, amanat.policy, amanat.vocabulary):
        for one in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            module = importlib.import_module(one.name)
            for name, method in _USE.findall(Path(module.__file__ or "").read_text(encoding="utf-8")):
                if isinstance(pattern := vars(module).get(name), re.Pattern):
                    found[f"{one.name}.{name}.{method}"] = (pattern, method)
    return found


def _fastest(pattern: re.Pattern[str], method: str, text: str) -> float:
    """Seconds of the processor for one use; the best of a few, for others work here too."""
    best = 1.0
    for _ in range(4):
        begun = time.process_time()
        _METHODS[method](pattern, text)
        best = min(best, time.process_time() - begun)
        if best < _LINEAR:
            break
    return best


# A pattern that goes over the rest of a line from each of its letters takes five times as long.
_LINEAR = 0.01


@pytest.mark.parametrize("use", _uses())
def test_every_pattern_takes_a_hostile_line_in_its_stride(use: str) -> None:
    pattern, method = _uses()[use]
    for filler in _FILLERS:
        for end in ("", "!", ")", "\0"):
            text = (filler * _LINE)[:_LINE] + end
            assert _fastest(pattern, method, text) < _LINEAR, (filler, end)
            assert _fastest(pattern, method, "### 1.1 a" + text) < _LINEAR, (filler, end)
