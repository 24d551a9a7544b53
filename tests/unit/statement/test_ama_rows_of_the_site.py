"""Rows of the source on cookies, visits and adverts (parts 5 and 8.1), at the level of a decision."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from amanat.policy.consequences import foretell
from amanat.policy.decider import Decider
from amanat.policy.decision import Decision
from amanat.policy.request import Request
from amanat.policy.wire import read_request
from amanat.statement.compile import Statement
from amanat.vocabulary.services import turns_on
from amanat.vocabulary.terms import CATEGORY, CHANNEL, PURPOSE

Decided = Callable[..., Decision]

WEB = CATEGORY.groups["web"]
NAMING = [leaf for leaf in CATEGORY.groups["personal"] if leaf not in (*WEB, "newsletter", "cookie_choice",
          "consent_choice", "survey_answer", "complaint", "enquiry")]  # fmt: skip
COOKIES = ("cookies_analytics", "cookies_survey", "cookies_ads")
EVERY_COOKIE = ", ".join(f"consent({one})" for one in COOKIES)


def outcome(decision: Decision) -> str:
    return decision.outcome.value


@pytest.mark.clause("5.1d")
def test_a_cohort_below_ten_is_suppressed(decided: Decided) -> None:
    for size in (0, 1, 9):
        seen = decided(f"web_system view aggregate for site_analytics given consent(cookies_analytics), k({size})")
        assert (outcome(seen), seen.needs) == ("deny", ("k>=10",))
        assert "5.1d" in seen.clauses
    large = decided("web_system view aggregate for site_analytics given consent(cookies_analytics), k(10)")
    assert "5.1d" in large.clauses
    assert outcome(large) == "permit"


@pytest.fixture(scope="module")
def visitor() -> Request:
    """A covered person with every consent that a page can ask for."""
    given = [*COOKIES, "newsletter", "medical_service", "emergency_record", "live_location"]
    subject = {"relation": "employee_of", "age": 41, "country": "CH", "choices": given}
    facts = {"entitlement": True, "attested_source": True, "agreement": "live", "identity": "proven", "k": 25,
             "agreement_terms": ["secrecy", "purpose_bound", "our_directions"]}  # fmt: skip
    return read_request({
        "actor": "member", "company": "CH", "action": "view", "data": ["name"], "subject": subject,
        "purpose": "rights_fulfilment", "recipient_country": "CH", "facts": facts,
    })  # fmt: skip


@pytest.mark.clause("5.3", "5.13")
@pytest.mark.parametrize("cookie", COOKIES)
def test_the_preview_of_switching_a_cookie_off_lists_exactly_what_breaks(
    ama: Statement, visitor: Request, cookie: str
) -> None:
    tell = partial(foretell, Decider(ama.policy).decide, ama.policy.rules)
    foretold = tell(visitor, lambda now: now - {cookie})
    assert sorted(line.service for line in foretold.of("stops")) == sorted(turns_on(cookie))
    assert {service for service, _, _ in foretold.lost} == {line.service for line in foretold.lines if line.changed}
    without = replace(visitor, choices=visitor.choices - {cookie})
    assert not tell(without, lambda now: now - {cookie}).lost


@pytest.mark.clause("5.6")
@pytest.mark.parametrize("action", ["use", "view", "combine", "track"])
def test_no_trace_of_a_visit_is_ever_looked_at_beside_what_names_somebody(decided: Decided, action: str) -> None:
    for purpose in PURPOSE.leaves:
        if purpose != "other":
            for trace in ("browse", "session_id"):
                for leaf in NAMING:
                    asked = f"web_system {action} {trace}, {leaf} for {purpose} given {EVERY_COOKIE}"
                    assert outcome(decided(asked)) == "deny", (purpose, leaf)
    assert outcome(decided(f"web_system track browse for site_analytics given {EVERY_COOKIE}")) == "permit"


@pytest.mark.clause("5.7")
def test_an_account_is_never_part_of_a_counted_event(decided: Decided) -> None:
    counted = f"web_system use analytics_event{{}} for site_analytics given {EVERY_COOKIE}"
    assert outcome(decided(counted.format(""))) == "permit"
    for account in ("member_id", "email", "name", "policy_number"):
        refused = decided(counted.format(f", {account}"))
        assert outcome(refused) == "deny"
        assert "5.9" in refused.clauses


@pytest.mark.clause("5.10")
def test_on_a_first_visit_only_what_the_site_cannot_work_without_is_permitted(decided: Decided) -> None:
    """No choice was made: what the browser takes by default is no yes."""
    open_ = set()
    for purpose in (*PURPOSE.groups["web"], *PURPOSE.groups["outreach"]):
        for action in ("collect", "use", "track", "combine"):
            for leaf in WEB:
                asked = f"web_system {action} {leaf} for {purpose} via web_public given relation(visitor), no consent"
                if outcome(decided(asked)) == "permit":
                    open_.add((action, purpose))
    assert open_ == {(action, purpose) for action in ("collect", "use") for purpose in ("session", "site_admin")}


@pytest.mark.clause("5.14")
def test_no_survey_firm_gets_a_trace_before_the_opt_in(decided: Decided) -> None:
    for leaf in WEB:
        told = f"web_system disclose {leaf} to provider.survey for survey given {{}}"
        assert decided(told.format("no consent")).needs == ("cookies_survey",)
        assert outcome(decided(told.format("consent(cookies_ads), consent(cookies_analytics)"))) == "ask"
        assert outcome(decided(told.format("consent(cookies_survey)"))) == "permit"


@pytest.mark.clause("5.16")
def test_the_slip_of_the_old_text_is_marked_and_the_words_name_our_own_cookies(ama: Statement) -> None:
    home = ama.section("5.16")
    assert home is not None
    assert "our own cookies" in home.text
    assert [text for kind, text in home.notes if kind == "erratum"]
    assert [text for kind, text in home.notes if kind == "note" and text.startswith("A-5:")]


@pytest.mark.clause("8.1a")
def test_no_advert_firm_is_told_of_a_visit_before_the_opt_in(decided: Decided) -> None:
    for purpose in PURPOSE.groups["advertising"]:
        for role in ("web_system", "marketing_editor", "provider_user"):
            for leaf in WEB:
                shown = f"{role} disclose {leaf} to provider.ads for {purpose} via web_public given {{}}"
                assert outcome(decided(shown.format("consent(cookies_analytics), consent(cookies_survey)"))) != "permit"
                assert outcome(decided(shown.format("no consent"))) != "permit"
    assert "web_public" in CHANNEL.groups["online"]
    shown = "web_system disclose browse to provider.ads for advertising_onsite given consent(cookies_ads)"
    assert outcome(decided(shown)) == "permit"
