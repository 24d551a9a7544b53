"""L03: a word that no clause speaks of is told, one finding for each kind of words."""

from amanat.statement.compile import Statement
from amanat.statement.lints.lint import lint
from stage.planted import clause, edited, statement_of, told


def test_words_that_no_clause_names_are_told_by_kind(ama: Statement) -> None:
    trimmed = edited(
        ama, ("  who   site\n  do    collect, using\n  data  birth_date", "  do    collect, using\n  data  birth_date")
    )
    assert told("L03", trimmed) == told("L03", ama)
    assert "L03" in {one.code for one in lint(ama).findings}
    assert not [one for one in told("L03", ama) if "newsletter" in one]


def test_a_clause_taken_away_leaves_its_words_unspoken(ama: Statement) -> None:
    start = ama.text.index("### 8.9 Leaving the list")
    gone = ama.text[start : ama.text.index("### 8.10 ")]
    told_of = edited(ama, (gone, ""))
    new = set(told("L03", told_of)) - set(told("L03", ama))
    assert [one for one in new if "`unsubscribe`" in one]
    assert [one for one in new if "`suppression_list`" in one]


def test_a_group_speaks_of_all_its_words_and_the_group_of_all_words_of_none() -> None:
    rule = "forbid 6.7\n  do    any\n  data  personal\n  to    payer\n  for   service"
    prose = "[Nothing](do:any) [of yours](data:personal) goes to [payers](to:payer) [for services](for:service)."
    found = told("L03", statement_of(clause("6.7", prose, rule=rule, cases="deny clinician use name for billing")))
    (data,) = (one for one in found if "datum" in one)
    assert data == "warning: no clause speaks of datum `aggregate`, `anonymous`, `analytics_event`"
    (recipients,) = (one for one in found if "speaks of recipient" in one)
    assert "`hospital`" in recipients
    assert "`insurer`" not in recipients
    assert [one for one in found if "action `collect`" in one]
