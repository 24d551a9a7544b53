"""Law packs: no pack, no act; members of the European Economic Area take the European one."""

import pytest

from amanat.vocabulary.law import COUNTRIES_WITH_PACK, EEA, EUROPEAN_ORIGIN, has_pack, packs_of


def test_the_european_economic_area_has_thirty_members_and_one_pack() -> None:
    assert len(EEA) == 30
    assert {packs_of(country) for country in EEA} == {("EU",)}


@pytest.mark.parametrize(
    ("country", "packs"),
    [
        ("GB", ("GB",)), ("CH", ("CH",)), ("US", ("US-HIPAA", "US-CA")), ("AE", ("AE", "AE-DIFC", "AE-ADGM")),
        ("CA", ("CA", "CA-QC")), ("AQ", ()), ("UK", ()), (None, ()),
    ],
)  # fmt: skip
def test_a_country_takes_all_packs_below_it(country: str | None, packs: tuple[str, ...]) -> None:
    assert packs_of(country) == packs
    assert has_pack(country) is bool(packs)


def test_every_country_with_a_pack_names_at_least_one() -> None:
    assert all(packs_of(country) for country in COUNTRIES_WITH_PACK)
    assert {"GB", "CH"} == EUROPEAN_ORIGIN - EEA
