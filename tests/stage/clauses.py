"""Which clause of the statement is shown by which passing test: `pytest -m clause --clause-table`.

A test names at most three ids, and only where it asserts what the clause's row says a test shows.
"""

from collections import defaultdict

import pytest

from amanat.vocabulary.clauses import ADDED_CLAUSES, SOURCE_CLAUSES

MOST = 3
_PROPERTY = "clause"
_KNOWN = frozenset(SOURCE_CLAUSES) | frozenset(ADDED_CLAUSES)
_SHOWN: dict[str, list[str]] = defaultdict(list)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--clause-table", action="store_true", help="print the asserting test of each clause")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        ids = list(dict.fromkeys(id_ for mark in item.iter_markers("clause") for id_ in mark.args))
        if unknown := [id_ for id_ in ids if id_ not in _KNOWN]:
            raise pytest.UsageError(f"{item.nodeid} names clauses that do not exist: {', '.join(unknown)}")
        if len(ids) > MOST:
            raise pytest.UsageError(f"{item.nodeid} claims {len(ids)} clauses; a test shows {MOST} at most")
        item.user_properties += [(_PROPERTY, id_) for id_ in ids]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and report.passed:
        for name, id_ in report.user_properties:
            if name == _PROPERTY:
                _SHOWN[str(id_)].append(report.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if not config.getoption("--clause-table"):
        return
    for title, ids in (("clauses of the statement", SOURCE_CLAUSES), ("added clauses", ADDED_CLAUSES)):
        shown = sum(1 for id_ in ids if _SHOWN[id_])
        terminalreporter.section(f"{title}: {shown} of {len(ids)} shown")
        for id_ in ids:
            tests = _SHOWN[id_]
            more = f" (and {len(tests) - 1} more)" if len(tests) > 1 else ""
            terminalreporter.write_line(f"{id_:6} {tests[0] + more if tests else '-'}")
