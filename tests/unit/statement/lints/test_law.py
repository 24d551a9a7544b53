"""L18: law that nobody read on a public page may tighten and never relax. The faults are planted in the readers."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from amanat.statement.compile import Statement
from amanat.statement.lints import law
from amanat.vocabulary import deadlines
from amanat.vocabulary.deadlines import Deadline, deadline
from amanat.vocabulary.lawpacks import Status, Value
from stage.planted import told


def test_the_recorded_law_relaxes_nothing_on_a_doubtful_word(ama: Statement) -> None:
    assert told("L18", ama) == []


def test_a_reader_that_trusts_a_doubtful_extension_is_found(ama: Statement, monkeypatch: pytest.MonkeyPatch) -> None:
    trusting = deadlines._longest

    def trusts(value: Value, start: datetime, house: datetime) -> datetime:
        return trusting(replace(value, status=Status.VERIFIED), start, house)

    monkeypatch.setattr(deadlines, "_longest", trusts)
    found = told("L18", ama)
    assert [one for one in found if one.startswith("error: law pack GB: `access` is put off by")]
    assert not [one for one in found if "law pack EU" in one]


def test_a_deadline_beyond_the_floor_is_found(ama: Statement, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(event: str, packs: Iterable[str], start: datetime) -> Deadline:
        found = deadline(event, packs, start)
        return replace(found, due=found.due + timedelta(days=40)) if event == "erase" else found

    monkeypatch.setattr(law, "deadline", late)
    assert all("`erase` is put off by 40 days" in one for one in told("L18", ama) if "law pack SG" in one)
    assert told("L18", ama)


def test_a_young_person_who_decides_alone_is_found(ama: Statement, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(law, "majority", lambda country, _: 16 if country == "ID" else 18)
    assert told("L18", ama) == ["error: law of ID: a young person decides alone before 18"]


def test_a_destination_that_rests_on_a_doubtful_list_is_found(ama: Statement, monkeypatch: pytest.MonkeyPatch) -> None:
    doubtful = Value("AE", "adequate", "SG", Status.UNVERIFIED)
    monkeypatch.setattr(law, "recorded", lambda: (doubtful,))
    assert told("L18", ama) == []

    def trusts(origin: str, there: str, _: date) -> Value | None:
        return doubtful if (origin, there) == ("AE", "SG") else None

    monkeypatch.setattr(law, "adequate", trusts)
    assert told("L18", ama) == ["error: law pack AE: data may go from AE to SG on a value in doubt"]
