"""Putting texts in force: what may follow what, from when, and what is refused before anything changes."""

from datetime import UTC, date, datetime

import pytest

from amanat.custody import publishing
from amanat.custody.publishing import NotPublishedError, publish, publish_overlay, published, widened_by
from amanat.statement.compile import Statement, compile_statement, load_statement
from amanat.statement.diagnostics import StatementError
from amanat.statement.overlay_compile import compile_overlay, load_overlay
from amanat.statement.overlays import Overlay
from amanat.statement.signing import sign
from stage.accounts import MovedClock
from stage.databases import AsLogin
from stage.group import Group
from stage.versions import DAY, in_force, signed, unsigned

SOON = ("effective: 2027-07-01", "effective: 2026-01-01")


@pytest.fixture(autouse=True)
def worker(moved_clock: MovedClock, group: Group, as_login: AsLogin) -> object:
    with as_login("worker"):
        yield


def refused(statement: Statement, day: date | None = None, company: str = "") -> str:
    before = published()
    with pytest.raises(NotPublishedError) as told:
        publish(statement, day, company)
    assert published() == before
    return str(told.value)


def test_a_statement_is_in_force_from_the_day_that_it_names_unless_a_later_one_is_named() -> None:
    assert publish(signed()).since.isoformat() == "2027-07-01T00:00:00+00:00"
    later = publish(signed("ama-1.1", ("version: 1.1.0", "version: 1.2")), date(2027, 9, 1))
    assert later.since.isoformat() == "2027-09-01T00:00:00+00:00"
    assert in_force("ama-ch") == ["1.0.0", "1.1.0", "1.2"]


def test_a_day_that_has_begun_means_now(moved_clock: MovedClock) -> None:
    moved_clock.move(hours=1)
    assert publish(signed("ama-1.1", SOON), moved_clock.moment.date()).since == moved_clock.moment


def test_what_a_statement_widens_is_told() -> None:
    assert widened_by(publish(signed())) == {"8.5d"}


def test_a_day_that_is_over_is_refused(moved_clock: MovedClock) -> None:
    assert "is over" in refused(signed("ama-1.1", SOON), date(2026, 1, 2))


def test_a_statement_does_not_begin_before_the_day_that_it_names() -> None:
    assert "effective from 2027-07-01" in refused(signed(), date(2027, 6, 30))


def test_clauses_that_nobody_signed_are_not_put_in_force() -> None:
    told = refused(unsigned())
    assert "not fit to be published" in told
    assert "signed" in told


def test_a_statement_follows_in_the_order_of_its_number() -> None:
    same, older = ("version: 1.1.0", "version: 1.0.0"), ("version: 1.1.0", "version: 0.9")
    assert "cannot stand beside ama 1.0.0" in refused(signed("ama-1.1", same))
    assert "cannot stand beside ama 1.0.0" in refused(signed("ama-1.1", older))
    publish(signed())
    assert "cannot stand beside ama 1.1.0" in refused(signed())
    ahead = signed("ama-1.1", ("version: 1.1.0", "version: 1.10"), SOON)
    assert "cannot stand beside ama 1.1.0" in refused(ahead, date(2027, 2, 1))
    between = signed("ama-1.1", ("version: 1.1.0", "version: 1.0.1"), SOON)
    assert publish(between, date(2027, 2, 1)).version == "1.0.1"


def test_a_version_that_is_no_number_has_no_place_in_the_order() -> None:
    assert "no place in an order" in refused(signed("ama-1.1", ("version: 1.1.0", "version: spring")))


def test_a_statement_of_another_name_does_not_take_the_place() -> None:
    assert "another statement" in refused(signed("ama-1.1", ("statement: ama\n", "statement: other\n")))


def test_companies_follow_their_own_order() -> None:
    publish(signed(), company="ama-sg")
    assert (in_force("ama-ch"), in_force("ama-sg")) == (["1.0.0"], ["1.0.0", "1.1.0"])
    publish(signed("ama-1.1", ("version: 1.1.0", "version: 1.0.5")), company="ama-ch")
    assert in_force("ama-ch") == ["1.0.0", "1.0.5"]
    assert "cannot stand beside ama 1.0.5" in refused(signed("ama-1.1", ("version: 1.1.0", "version: 1.0.7")))
    assert "no company" in refused(signed(), company="ama-xx")


def test_a_statement_that_an_overlay_in_force_does_not_fit_is_refused() -> None:
    """The binding rules speak of clause 1.2."""
    before, _, rest = load_statement("ama-1.1").text.partition("### 1.2 ")
    without = compile_statement(before + "### " + rest.partition("\n### ")[2])
    with pytest.raises(StatementError, match=r"no clause 1\.2"):
        publish(compile_statement(sign(without, "Dina Weber", DAY)))
    assert in_force("ama-ch") == ["1.0.0"]


def contract() -> Overlay:
    return load_overlay("contract:oryx-energy", load_statement("ama"))


def test_an_overlay_follows_itself_and_ends(moved_clock: MovedClock) -> None:
    assert publish_overlay(contract()).isoformat() == "2027-01-01T00:00:00+00:00"
    with pytest.raises(NotPublishedError, match="would come before"):
        publish_overlay(contract())
    assert publishing.end_overlay("contract:oryx-energy", DAY).date() == DAY
    with pytest.raises(NotPublishedError, match="not in force"):
        publishing.end_overlay("contract:nobody")
    told = [(one.overlay, one.version) for one in publishing.overlays_published()]
    assert told[-2:] == [("contract:oryx-energy", "2026.1.0"), ("contract:oryx-energy", "")]


def test_an_overlay_is_held_to_every_statement_that_it_will_stand_around() -> None:
    """The newer statement lets a policy number go to nobody in a rescue, so the overlay's case comes out otherwise."""
    publish(signed())
    overlay = compile_overlay(_POLICY, load_statement("ama"))
    with pytest.raises(StatementError, match=r"8\.6"):
        publish_overlay(overlay)
    assert publishing.overlays_published()[-1].overlay != overlay.id


_POLICY = """\
---
overlay: policy
name: rescue
version: 1.0.0
effective: 2027-01-01
statement: ama
applies: everywhere
---
### 8.6 Looked at
When we [tell](do:disclose) [your policy number](data:policy_number) to [rescuers](to:emergency_local), we [look at it again](then:review).
```rule
require 8.6
  do    disclose
  data  policy_number
  to    emergency_local
  then  review 24h
```
```cases
permit  assistance_coordinator disclose policy_number to emergency_local for emergency_care in emergency_medical    because policy:rescue/8.6
```
"""  # noqa: E501  # an overlay is written a sentence a line


def test_founding_again_changes_nothing_and_never_goes_back(moved_clock: MovedClock) -> None:
    from amanat.custody.founding import found  # noqa: PLC0415

    publish(signed())
    before = (published(), publishing.overlays_published())
    moved_clock.moment = datetime(2027, 8, 1, tzinfo=moved_clock.moment.tzinfo)
    found()
    assert (published(), publishing.overlays_published()) == before


def installed(version: str, day: str = "2026-01-01") -> Statement:
    """A text as it may come with an upgrade: signed by nobody."""
    text = load_statement("ama").text.replace("version: 1.0.0", f"version: {version}")
    return compile_statement(text.replace("effective: 2027-01-01", f"effective: {day}"))


def test_an_installed_statement_with_a_higher_number_follows_from_its_day_on(moved_clock: MovedClock) -> None:
    moved_clock.move(hours=1)
    publishing.begin(installed("1.0.1"), [])
    publishing.begin(installed("1.0.2", "2027-05-01"), [])
    begun = [(one.version, one.since) for one in published()][1:]
    assert begun == [("1.0.1", moved_clock.moment), ("1.0.2", datetime(2027, 5, 1, tzinfo=UTC))]
    publishing.begin(installed("1.0.2", "2027-06-01"), [])
    assert len(published()) == 3


def test_an_installed_statement_that_cannot_follow_here_is_left_out_and_told(
    caplog: pytest.LogCaptureFixture, moved_clock: MovedClock
) -> None:
    """One with a smaller number comes later; and one without clause 1.2, of which the binding rules speak."""
    publish(signed())
    moved_clock.move(hours=1)
    publishing.begin(installed("1.2.0"), [])
    before, _, rest = installed("1.3.0", "2027-09-01").text.partition("### 1.2 ")
    publishing.begin(compile_statement(before + "### " + rest.partition("\n### ")[2]), [])
    assert in_force("ama-ch") == ["1.0.0", "1.1.0"]
    told = [one.getMessage() for one in caplog.records if one.levelname == "CRITICAL"]
    assert ["1.2.0 is not" in told[0], "1.3.0 is not" in told[1], len(told)] == [True, True, 2]


def test_an_installed_overlay_that_does_not_fit_a_statement_of_ones_own_is_left_out_and_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    publish(signed())
    publishing.begin(load_statement("ama"), [compile_overlay(_POLICY, load_statement("ama"))])
    assert "policy:rescue" not in {one.overlay for one in publishing.overlays_published()}
    assert "the installed policy:rescue 1.0.0 is not put in force" in caplog.text
