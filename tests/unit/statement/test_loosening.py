"""What an overlay may not say: each way to open something, or to read as if it did, is refused with a hint."""

import pytest

from stage.overlays import faults, overlay_text

STOP = "forbid 6.7\n  do telling\n  data travel\n  to provider\n  for service"
ASK = "require 6.7\n  do telling\n  data personal\n  to provider\n  for service\n  need agreement\n"
YOUNG = "forbid 7.1\n  do taking\n  data personal\n  ch app\n  ctx minor\n  unless guardian_for"


def told(text: str, code: str) -> str:
    """The one finding of this code, with its hint."""
    found = [one for one in faults(text) if one.code == code]
    assert len(found) == 1, faults(text)
    assert found[0].hint
    assert found[0].level == "error"
    return f"{found[0].message} | {found[0].hint}"


@pytest.mark.clause("1.4")
@pytest.mark.parametrize("kind", ["law", "bcr", "policy", "contract"])
def test_no_overlay_adds_a_permit(kind: str) -> None:
    applies = "oryx-energy" if kind == "contract" else "CH"
    text = overlay_text("permit 6.7\n  do telling\n  data personal", kind=kind, applies=applies)
    assert "`permit`" in told(text, "O003")


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ("choice 6.7\n  do telling\n  data personal\n  if withheld", "`choice`"),
        ("reach 6.7\n  who member\n  do telling\n  data personal", "`reach`"),
        ("forbid 6.7 by default\n  do telling\n  data personal\n  unless order", "by default"),
    ],
)
def test_nothing_but_stops_and_duties_is_read(rules: str, says: str) -> None:
    assert says in told(overlay_text(rules), "O003")


@pytest.mark.parametrize(
    ("clause", "rules"),
    [
        ("7.1", YOUNG),
        ("7.1", "require 7.1\n  do collect\n  data name\n  ch app\n  ctx minor\n  need guardian_for"),
        ("6.7", ASK + "  or order"),
        ("6.7", ASK.replace("need agreement", "need agreement\n  or order\n  and tool")),
        ("8.12", "forbid 8.12\n  do telling\n  data personal\n  if blocked_recipient\n  unless order"),
    ],
)
def test_an_exception_that_the_clause_does_not_know_is_refused(clause: str, rules: str) -> None:
    assert "lets pass what rule `" in told(overlay_text(rules, clause), "O004")


@pytest.mark.parametrize(
    ("clause", "rules"),
    [
        ("6.7", ASK + "  and tool"),
        ("6.7", ASK),
        ("6.7", STOP),
        ("6.7", STOP + "\n  unless order"),  # a prohibition of its own, with an exception of its own
        ("6.7", "require 6.7\n  do telling\n  data personal\n  then review 24h"),
        ("7.1", YOUNG.replace("ch app", "ch phone")),  # beside what the clause stops, not inside it
        ("7.1", YOUNG.replace("ctx minor", "ctx routine")),
        ("7.1", YOUNG.replace("data personal", "data aggregate")),
    ],
)
def test_asking_for_more_is_no_loosening(clause: str, rules: str) -> None:
    assert not {one.code for one in faults(overlay_text(rules, clause))} & {f"O00{number}" for number in range(3, 10)}


@pytest.mark.parametrize(
    ("clause", "rules", "known"),
    [
        ("6.7", "require 6.7\n  do telling\n  data personal\n  then review 96h", "review(72h)"),
        ("6.7", "require 6.7\n  do telling\n  data personal\n  then review 4d", "review(72h)"),
        ("6.7", "require 6.7\n  do telling\n  data personal\n  then review", "review(72h)"),
        ("3.5", "require 3.5\n  do telling\n  data aggregate\n  then aggregate_k 5", "aggregate_k(10)"),
    ],
)
def test_a_longer_clock_or_a_smaller_measure_is_refused(clause: str, rules: str, known: str) -> None:
    assert known in told(overlay_text(rules, clause), "O005")


DUTY = "duty 6.7\n  owner privacy_officer\n  for every {}\n  within {}\n  evidence {}"


@pytest.mark.clause("1.4")
def test_a_duty_takes_no_longer_than_the_clauses_own() -> None:
    longer = overlay_text(DUTY.format("trip_ended", "31d", "erasure_record"))
    assert "takes 31d where the clause takes 30d" in told(longer, "O005")
    timeless = "duty 6.7\n  owner privacy_officer\n  for every trip_ended"
    assert "any time" in told(overlay_text(timeless), "O005")
    for event, within, proof in (
        ("trip_ended", "30d", "erasure_record"), ("trip_ended", "always", "erasure_record"),
        ("breach", "31d", "erasure_record"), ("trip_ended", "31d", "age_record"),
    ):  # fmt: skip
        assert "O005" not in {one.code for one in faults(overlay_text(DUTY.format(event, within, proof)))}


def test_of_all_declarations_duties_alone_are_read() -> None:
    assert "is no duty" in told(overlay_text("right 6.7\n  who person\n  do view\n  data personal"), "O003")


def test_smaller_groups_are_refused() -> None:
    rules = "require 3.5\n  do telling\n  data aggregate\n  need k >= {}"
    assert "k >= 10" in told(overlay_text(rules.format(5), "3.5"), "O006")
    assert "O006" not in {one.code for one in faults(overlay_text(rules.format(20), "3.5"))}


def test_a_word_that_could_displace_another_is_refused() -> None:
    rules = "require 6.7\n  do telling\n  data personal\n  then propagate correction"
    assert "displace" in told(overlay_text(rules), "O007")


@pytest.mark.clause("1.4")
@pytest.mark.parametrize(("kind", "applies"), [("contract", "oryx-energy"), ("policy", "everywhere"), ("bcr", "EU")])
def test_only_a_law_limits_rights_and_orders(kind: str, applies: str) -> None:
    everything = "forbid 6.7\n  do telling\n  data personal"
    assert "silence a right" in told(overlay_text(everything, kind=kind, applies=applies), "O008")
    assert "O008" not in {one.code for one in faults(overlay_text(everything))}
    assert "O008" not in {one.code for one in faults(overlay_text(STOP, kind=kind, applies=applies))}


def test_the_overlay_itself_is_cited() -> None:
    assert "cite" in told(overlay_text(STOP + "\n  unless order as 6.11"), "O009")


COMPEL = "compel 8.12\n  for legal_order\n  if order"


@pytest.mark.parametrize(
    ("clause", "rules", "kind", "says"),
    [
        ("8.12", COMPEL, "policy", "for the law alone"),
        ("8.12", COMPEL, "bcr", "for the law alone"),
        ("8.12", "compel 8.12\n  for legal_permission\n  if order", "law", "a lawful order pass and nothing else"),
        ("8.12", "compel 8.12\n  for legal_order", "law", "a lawful order pass and nothing else"),
        ("8.12", COMPEL + "\n  to payer", "law", "a lawful order pass and nothing else"),
        ("8.12", COMPEL.replace("8.12", "6.7"), "law", "no clause of its own"),
        ("8.12", COMPEL.replace("compel 8.12", "compel everything"), "law", "no clause of its own"),
        ("6.7", COMPEL.replace("8.12", "6.7"), "law", "holds no choice"),
        ("9.2", COMPEL.replace("8.12", "9.2"), "law", "yield to nobody"),
    ],
)
def test_compel_has_one_form_and_lifts_choices_alone(clause: str, rules: str, kind: str, says: str) -> None:
    assert says in told(overlay_text(rules, clause, kind=kind), "O011")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("overlay: law", "overlay: wish"), "O001"),
        (("name: test", "name: two words"), "O001"),
        (("name: test\n", ""), "O001"),
        (("applies: CH\n", ""), "O001"),
        (("statement: small", "statement: large"), "O001"),
        (("applies: CH", "applies: AQ"), "O002"),
        (("applies: CH", "applies: everywhere"), "O002"),
        (("overlay: law", "overlay: contract"), "O002"),
        (("### 6.7", "### 6.10"), "O010"),
    ],
)
def test_a_header_that_is_not_understood_is_refused(change: tuple[str, str], code: str) -> None:
    assert code in {one.code for one in faults(overlay_text(STOP).replace(*change))}


def test_an_overlay_that_changes_nothing_is_refused() -> None:
    prose = (
        "We [tell](do:telling) [firms](to:provider) [of you](data:personal) [for services](for:service) "
        "[when signed](if:agreement)."
    )
    case = "permit  logistics_agent disclose name to provider.travel for logistics    given recipient_country(CH)"
    text = overlay_text(ASK, prose=prose, cases=case, applies="SG")
    assert "comes out otherwise" in told(text, "O012")
    assert faults(text.replace("applies: SG", "applies: CH")) == []


def test_words_rules_and_cases_are_locked_as_in_a_statement() -> None:
    codes = {one.code for one in faults(overlay_text(STOP))}
    assert "L02" in codes
    prose = "No [travel](data:travel) [told](do:telling) to [firms](to:provider) [for services](for:service)."
    assert {one.code for one in faults(overlay_text(STOP, prose=prose))} == {"L05", "O012"}
    assert "R007" in {one.code for one in faults(overlay_text(f"{STOP}\n{STOP}"))}
