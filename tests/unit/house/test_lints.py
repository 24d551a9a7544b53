"""House rules that no bought lint knows, read from the syntax tree of every file; each catches its planted faults.

Who makes a permit, who reads the clock, what goes into SQL and into the log.
"""

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from amanat.vocabulary.terms import CATEGORY

SOURCE: Final = Path(__file__).parents[3] / "src" / "amanat"

_CLOCKS: Final = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns", "time.gmtime",
    "timezone.now", "timezone.localdate",
}  # fmt: skip
_LOGGERS: Final = re.compile(r"^_?(log|logger|logging)$", re.IGNORECASE)
_LEVELS: Final = {"debug", "info", "warning", "error", "critical", "exception", "log"}
_PERSONAL: Final = set(CATEGORY.leaves_in(CATEGORY.mask_of("personal"))) | {
    "address", "answers", "body", "born", "family", "given", "parts", "password", "phone", "plain", "record", "row",
    "secret", "surname", "token", "typed", "values",
}  # fmt: skip
_NOBODYS: Final = {"duty.name"}
_RUNNING: Final = {"execute", "executemany", "copy", "raw", "RunSQL", "SQL"}

Lint = Callable[[ast.Module], Iterable[int]]


# reading a tree ------------------------------------------------------------------------------------------------------


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str, str]]:
    """Every call with the name that is called and what stands before its dot: `log.info(…)` is ("info", "log")."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node, node.func.attr, last_name(node.func.value)
            elif isinstance(node.func, ast.Name):
                yield node, node.func.id, ""


def last_name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def is_put_together(node: ast.AST) -> bool:
    """Whether a text is made at run time: an f-string, `%`, `+`, `.format` or `.join` on a text."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in {"format", "join"} and (is_text(node.func.value) or is_put_together(node.func.value))
    if isinstance(node, ast.BinOp):
        sides = (node.left, node.right)
        return isinstance(node.op, ast.Mod | ast.Add) and any(is_text(one) or is_put_together(one) for one in sides)
    return isinstance(node, ast.JoinedStr)


def names_put_together(tree: ast.Module) -> set[str]:
    """Names that hold such a text, so that a detour over a variable is seen as well."""
    assigned = (node for node in ast.walk(tree) if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign))
    return {
        last_name(target)
        for node in assigned
        if node.value is not None and is_put_together(node.value)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    }


# the lints -----------------------------------------------------------------------------------------------------------


def permits_made(tree: ast.Module) -> Iterator[int]:
    for call, name, _ in calls(tree):
        if name == "Permit":
            yield call.lineno


def clocks_read(tree: ast.Module) -> Iterator[int]:
    for call, name, before in calls(tree):
        if f"{before}.{name}" in _CLOCKS or (name == "localtime" and not call.args):
            yield call.lineno
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and {f"{node.module}.{one.name}" for one in node.names} & _CLOCKS:
            yield node.lineno


def statements_put_together(tree: ast.Module) -> Iterator[int]:
    detours = names_put_together(tree)
    for call, name, _ in calls(tree):
        if name in _RUNNING and call.args and (is_put_together(call.args[0]) or last_name(call.args[0]) in detours):
            yield call.lineno


def log_lines(tree: ast.Module) -> Iterator[ast.Call]:
    for call, name, before in calls(tree):
        if name in _LEVELS and _LOGGERS.match(before):
            yield call


def log_lines_put_together(tree: ast.Module) -> Iterator[int]:
    detours = names_put_together(tree)
    for call in log_lines(tree):
        if any(is_put_together(one) or last_name(one) in detours for one in arguments(call)):
            yield call.lineno


def log_lines_with_a_persons_value(tree: ast.Module) -> Iterator[int]:
    for call in log_lines(tree):
        named = (node for one in arguments(call) for node in ast.walk(one))
        if any(speaks_of_a_person(node) for node in named):
            yield call.lineno


def speaks_of_a_person(node: ast.AST) -> bool:
    """`email`, `person.email` and `person["email"]`; `duty.name` is nobody's."""
    if isinstance(node, ast.Attribute):
        return node.attr in _PERSONAL and f"{last_name(node.value)}.{node.attr}" not in _NOBODYS
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Constant) and node.slice.value in _PERSONAL
    return isinstance(node, ast.Name) and node.id in _PERSONAL


def log_lines_with_an_errors_text(tree: ast.Module) -> Iterator[int]:
    """An error's message repeats what was typed, and PostgreSQL's a whole key; its type may be logged."""
    caught = {node.name for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.name}
    for call in log_lines(tree):
        told = [said_by(one) for one in arguments(call)]
        with_trace = any(keyword.arg in {"exc_info", "stack_info"} for keyword in call.keywords)
        if (
            with_trace
            or last_name(call.func) == "exception"
            or any(last_name(one) in caught | {"args"} for one in told)
        ):
            yield call.lineno


def said_by(node: ast.expr) -> ast.expr:
    """`error` of `str(error)`."""
    spelled = isinstance(node, ast.Call) and last_name(node.func) in {"str", "repr"} and node.args
    return node.args[0] if spelled else node


LINTS: Final[Mapping[str, Lint]] = {
    "a permit is made by policy alone": permits_made,
    "the clock is read in one place": clocks_read,
    "no statement is put together from text": statements_put_together,
    "no log line is put together from text": log_lines_put_together,
    "no log line names a person's value": log_lines_with_a_persons_value,
    "no log line repeats an error's text": log_lines_with_an_errors_text,
}
ALLOWED: Final = {
    "a permit is made by policy alone": "policy/permit.py",
    "the clock is read in one place": "vocabulary/clock.py",
}


def files() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


@pytest.mark.parametrize("rule", LINTS)
def test_the_house_keeps_its_rule(rule: str) -> None:
    found = [
        f"{path.relative_to(SOURCE)}:{line}"
        for path in files()
        if path.relative_to(SOURCE).as_posix() != ALLOWED.get(rule)
        for line in LINTS[rule](ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize("rule", ALLOWED)
def test_the_place_that_a_rule_names_is_where_it_happens(rule: str) -> None:
    assert list(LINTS[rule](ast.parse((SOURCE / ALLOWED[rule]).read_text(encoding="utf-8"))))


PLANTED: Final[Mapping[str, tuple[str, ...]]] = {
    "a permit is made by policy alone": ("Permit(subject, words)", "permit.Permit(subject, words=everything)"),
    "the clock is read in one place": (
        "datetime.now(UTC)", "dt.datetime.utcnow()", "datetime.date.today()", "time.time()", "timezone.now()",
        "timezone.localtime()", "from time import time",
    ),
    "no statement is put together from text": (
        "cursor.execute(f'SELECT {name}')", "cursor.execute('SELECT %s' % name)", "cursor.execute('SELECT ' + name)",
        "cursor.execute('SELECT {}'.format(name))", "cursor.execute(' '.join(words))", "sql.SQL(f'SELECT {name}')",
        "wanted = f'SELECT {name}'\ncursor.execute(wanted)", "cursor.executemany('a' 'b' + name, rows)",
        "Person.objects.raw('SELECT ' + name)", "text: str = 'SELECT {}'.format(x)\nmigrations.RunSQL(text)",
    ),
    "no log line is put together from text": (
        "log.info(f'{case} opened')", "_LOG.error('%s' % case)", "logging.warning('case ' + case)",
        "said = f'{case}'\nlogger.info(said)", "self.log.debug('{}'.format(case))",
    ),
    "no log line names a person's value": (
        "log.info('%s', email)", "log.info('%s', person.birth_date)", "log.info('%s', row['policy_number'])",
        "log.info('%s', str(values))", "log.info('%s', person.name)", "log.warning('x', extra={'who': name})",
    ),
    "no log line repeats an error's text": (
        "try: ...\nexcept ValueError as error: log.error('%s', error)", "log.exception('failed')",
        "try: ...\nexcept ValueError as wrong: log.error('%s', str(wrong))", "log.error('failed', exc_info=True)",
        "log.error('%s', error.args)",
    ),
}  # fmt: skip
FINE: Final = """
try:
    cursor.execute(SQL["facts"], {"name": name})
    cursor.execute(_READ.format(sql.SQL(", ").join(names)))
except ValueError as error:
    log.warning("duty %s failed: %s", duty.name, type(error).__name__)
local = timezone.localtime(entry.when)
began = time.monotonic()
text = f"{name}"
"""


@pytest.mark.parametrize(("rule", "snippet"), [(rule, one) for rule, listed in PLANTED.items() for one in listed])
def test_a_planted_fault_is_caught(rule: str, snippet: str) -> None:
    assert list(LINTS[rule](ast.parse(snippet)))


@pytest.mark.parametrize("rule", LINTS)
def test_what_is_allowed_is_let_pass(rule: str) -> None:
    assert list(LINTS[rule](ast.parse(FINE))) == []
