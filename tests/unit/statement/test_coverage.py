"""The lints that hold a system against its statement, L10 to L14: each finds its planted fault, and is silent else."""

from dataclasses import replace

import msgspec
import pytest

from amanat.statement.compile import Statement, compile_statement
from amanat.statement.coverage import MEASURES, uncovered
from amanat.statement.declarations import Duty
from amanat.statement.inventory import (
    FORMAT,
    Act,
    Control,
    EntryPoint,
    Evidence,
    Inventory,
    Measure,
    Permitted,
    Product,
)
from amanat.vocabulary.choices import ChoiceKind
from amanat.vocabulary.terms import CATEGORY

TEXT = """---
statement: small
version: 1.0.0
effective: 2027-01-01
---
### 6.5 Bills
We [use](do:use) [your name](data:name) to [send the bill](for:billing).
```rule
permit 6.5
  do    use
  data  name
  for   billing
```
```cases
permit  clinician use name for billing
deny    clinician use email for billing
```

### 9.1 We take care
We keep a list of controls.
> informative because it is a measure

### 9.4 Encrypted on the way
All is encrypted.
> informative because it is a measure

### T.1 How long
We destroy what has served its time.
> informative because a clock runs
"""
DUTY = Duty("T.1", "T.1", 33, owner="privacy_officer", event="aim_ended", within="30d", evidence=("erasure_record",))
BILL = Act("use", "use", "billing", (Permitted("name", ("6.5",)),))


@pytest.fixture(scope="module")
def small() -> Statement:
    return replace(compile_statement(TEXT), declarations=(DUTY,))


WHOLE = Inventory(
    FORMAT, "small", "1.0.0", "0" * 64,
    entry_points=(EntryPoint("function", "bill", "house:bill", opens_custody=True, acts=(BILL,)),),
    choices=tuple(Control(kind.value, "board", "board", ("board",)) for kind in ChoiceKind),
    measures=tuple(Measure(clause, "doctor", "a test") for clause in MEASURES),
    evidence=(Evidence("erasure_record", "a page"),),
    products=(Product("all", CATEGORY.leaves),),
)  # fmt: skip


def _told(statement: Statement, inventory: Inventory) -> list[str]:
    return [f"{one.code} {one.level} {one.message}" for one in uncovered(statement, inventory)]


def _with(**parts: object) -> Inventory:
    return msgspec.structs.replace(WHOLE, **parts)


def test_a_system_that_does_what_it_says_has_no_findings(small: Statement) -> None:
    assert _told(small, WHOLE) == []


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        (Control("newsletter", "", "board", ("board",)), "no control by which it is given"),
        (Control("newsletter", "board", "", ("board",)), "no way to take it back"),
        (Control("newsletter", "board", "board"), "no entry that says what follows"),
        (None, "stands in no register"),
    ],
)
def test_l10_a_choice_lacks_its_control(planted: Control | None, said: str, small: Statement) -> None:
    others = [one for one in WHOLE.choices if one.choice != "newsletter"]
    (told,) = _told(small, _with(choices=(*others, *([planted] if planted else []))))
    assert told.startswith("L10 error choice `newsletter`")
    assert said in told


def test_l10_a_choice_that_nothing_asks_for_needs_no_control(small: Statement) -> None:
    others = [one for one in WHOLE.choices if one.choice != "other_purpose"]
    unasked = Control("other_purpose", "", "board", ("board",), asked_for=False)
    assert _told(small, _with(choices=(*others, unasked))) == []


@pytest.mark.parametrize(
    ("part", "value", "said"), [("owner", "", "owner"), ("within", "", "clock"), ("evidence", (), "evidence")]
)
def test_l11_a_duty_lacks_its_proof(part: str, value: object, said: str, small: Statement) -> None:
    bare = replace(small, declarations=(replace(DUTY, **{part: value}),))
    (told,) = _told(bare, WHOLE)
    assert told.startswith("L11 error duty `T.1` has no " + said)


def test_l11_evidence_that_is_kept_nowhere_is_a_warning(small: Statement) -> None:
    (told,) = _told(small, _with(evidence=()))
    assert told == "L11 warning the evidence `erasure_record` of duty `T.1` is kept nowhere yet"


@pytest.mark.parametrize(
    ("measures", "said"),
    [
        (
            (Measure("9.1", "doctor", "a test"),),
            [f"the measure of 9.4 has no {part}" for part in ("control", "check")],
        ),
        ((Measure("9.1", "doctor", "a test"), Measure("9.4", "tls")), ["the measure of 9.4 has no check"]),
    ],
)
def test_l12_a_measure_lacks_control_or_check(measures: tuple[Measure, ...], said: list[str], small: Statement) -> None:
    assert _told(small, _with(measures=measures)) == [f"L12 error {one}" for one in said]


def _act(action: str = "use", purpose: str = "billing", *words: str, duty: str = "") -> Act:
    return Act("use", action, purpose, tuple(Permitted(word) for word in words or ("name",)), duty=duty)


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        (
            EntryPoint("route", "x:y", "/y/", "GET", opens_custody=True),
            "`x:y` GET touches personal data and declares",
        ),
        (EntryPoint("function", "m", "m", fault="it raised"), "cannot be read: it raised"),
        (EntryPoint("duty", "d", "d", acts=(_act("use", "billing", "email"),)), "no clause could permit `email`"),
        (EntryPoint("duty", "d", "d", acts=(_act("use", "claims"),)), "no clause could permit `name`"),
        (EntryPoint("duty", "d", "d", acts=(_act("erase"),)), "no clause could permit `name`"),
        (EntryPoint("duty", "d", "d", acts=(_act("erase", duty="T.2"),)), "no clause could permit `name`"),
        (EntryPoint("duty", "d", "d", acts=(_act("use", "bill"),)), "unknown purpose `bill`"),
        (EntryPoint("duty", "d", "d", acts=(_act("use", duty="T.1"),)), "done under a permit, not under the duty"),
    ],
)
def test_l13_a_way_in_does_more_than_it_says_or_than_a_clause_allows(
    planted: EntryPoint, said: str, small: Statement
) -> None:
    (told,) = _told(small, _with(entry_points=(*WHOLE.entry_points, planted)))
    assert told.startswith("L13 error ")
    assert said in told


@pytest.mark.parametrize(
    "sound",
    [
        EntryPoint("duty", "d", "d", acts=(_act("erase", duty="T.1"),)),
        EntryPoint("route", "x:y", "/y/", "GET", opens_custody=True, names_nobody=True),
        EntryPoint("route", "x:y", "/y/", "GET", access="anyone may read this"),
    ],
)
def test_l13_what_names_nobody_or_carries_out_a_duty_needs_no_permit(sound: EntryPoint, small: Statement) -> None:
    assert _told(small, _with(entry_points=(sound,))) == []


def test_l13_one_method_that_declares_speaks_for_the_form_that_leads_to_it(small: Statement) -> None:
    form = EntryPoint("route", "x:y", "/y/", "GET", opens_custody=True)
    send = EntryPoint("route", "x:y", "/y/", "POST", opens_custody=True, acts=(BILL,))
    assert _told(small, _with(entry_points=(form, send))) == []


def test_l13_clauses_are_asked_of_the_statement_and_not_of_the_file(small: Statement) -> None:
    lie = Act("use", "use", "claims", (Permitted("name", ("6.5",)),))
    (told,) = _told(small, _with(entry_points=(EntryPoint("function", "f", "f", acts=(lie,)),)))
    assert "no clause could permit" in told


def test_l14_a_field_outside_the_catalogue_and_a_leaf_in_no_product(small: Statement) -> None:
    told = _told(small, _with(products=(Product("shop", (*CATEGORY.leaves[1:], "shoe_size")),)))
    assert told == [
        "L14 error field `shoe_size` of product `shop` is not in the catalogue of data",
        f"L14 warning no product asks for `{CATEGORY.leaves[0]}`",
    ]


def test_findings_stand_at_the_line_of_their_clause(small: Statement) -> None:
    found = uncovered(small, _with(measures=()))
    assert {(one.clause, one.line) for one in found} == {("9.1", TEXT.splitlines().index("### 9.1 We take care") + 1), (
        "9.4", TEXT.splitlines().index("### 9.4 Encrypted on the way") + 1
    )}  # fmt: skip
