"""A governed function: refused where no clause could permit it, decided at each call, given its decision."""

import asyncio
import inspect
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from amanat.errors import Kind
from amanat.governed import Claims, DeclarationError, Governed, NeverPermittedError, RefusedError, governed
from amanat.policy.decision import Decision, Outcome
from amanat.policy.wire import RequestError
from amanat.statement.compile import compile_statement, load_statement
from amanat.vocabulary.terms import UnknownTermError

COVERED: Claims = {
    "actor": "assistance_coordinator",
    "company": "CH",
    "subject": {"relation": "employee_of", "age": 41, "country": "CH"},
    "facts": {"entitlement": True},
}


@governed(action="use", data=["itinerary"], purpose="travel_information")
def advise(decision: Decision, place: str, *, loud: bool = False) -> str:
    """Say what to mind at a place."""
    said = f"{place} under {', '.join(decision.clauses)}"
    return said.upper() if loud else said


def test_a_permitted_call_runs_with_its_decision_and_its_own_arguments() -> None:
    clauses = ", ".join(advise.decided(COVERED).clauses)
    assert clauses.startswith("6.")
    assert advise(COVERED, "Lagos") == f"Lagos under {clauses}"
    assert advise(COVERED, place="Lagos", loud=True) == f"LAGOS UNDER {clauses.upper()}"


def test_a_refused_call_does_not_run_and_says_which_clauses_and_what_would_unlock_it() -> None:
    ran: list[str] = []

    @governed(action="use", data=["report"], purpose="treatment")
    def read(decision: Decision) -> None:
        ran.append(decision.version)

    with pytest.raises(RefusedError) as refused:
        read({**COVERED, "actor": "clinician"})
    assert not ran
    assert refused.value.kind is Kind.REFUSED
    assert refused.value.decision.outcome is Outcome.ASK
    assert refused.value.decision.needs == ("medical_service",)
    assert "8.3" in str(refused.value)
    assert "it needs medical_service" in str(refused.value)
    read({**COVERED, "actor": "clinician", "subject": {**COVERED["subject"], "choices": ["medical_service"]}})
    assert ran == ["1.0.0"]


def test_each_call_is_decided_anew() -> None:
    assert advise.decided(COVERED).outcome is Outcome.PERMIT
    with pytest.raises(RefusedError):
        advise({**COVERED, "company": "AQ"}, "Lagos")


def test_absent_claims_are_refused_and_not_guessed() -> None:
    with pytest.raises(RefusedError):
        advise({}, "Lagos")


def test_another_host_than_ours_is_no_permit() -> None:
    with pytest.raises(RefusedError) as refused:
        advise({**COVERED, "host": "foreign"}, "Lagos")
    assert refused.value.decision.outcome is Outcome.OUT_OF_SCOPE


def test_what_is_declared_cannot_be_claimed() -> None:
    with pytest.raises(RequestError, match="`purpose` is declared"):
        advise({**COVERED, "purpose": "billing"}, "Lagos")  # type: ignore[typeddict-unknown-key]

    @governed(action="use", data=["itinerary"], purpose="travel_information", actor="assistance_coordinator")
    def plan(decision: Decision) -> str:
        return decision.outcome.value

    with pytest.raises(RequestError, match="`actor` is declared"):
        plan(COVERED)
    assert plan({key: value for key, value in COVERED.items() if key != "actor"}) == "permit"  # type: ignore[arg-type]


def test_unknown_words_in_claims_are_errors_that_name_them() -> None:
    with pytest.raises(UnknownTermError, match="clinican"):
        advise({**COVERED, "actor": "clinican"}, "Lagos")
    with pytest.raises(RequestError, match="colour"):
        advise({**COVERED, "colour": "red"}, "Lagos")  # type: ignore[typeddict-unknown-key]


@pytest.mark.parametrize(
    ("purpose", "actor", "said"),
    [
        ("enquiry", "", "could ever permit use itinerary for enquiry"),
        ("enquiry", "", "it could be for service"),
        ("complaint", "marketing_editor", "use itinerary for complaint by marketing_editor"),
    ],
)
def test_what_no_clause_could_permit_fails_where_it_is_defined(purpose: str, actor: str, said: str) -> None:
    with pytest.raises(NeverPermittedError, match=said):
        governed(action="use", data=["enquiry", "itinerary"], purpose=purpose, actor=actor)


def test_who_is_told_narrows_what_could_be_permitted() -> None:
    governed(action="disclose", data=["fitness_flag"], purpose="billing", recipient="employer")
    with pytest.raises(NeverPermittedError, match=r"to provider\.ads"):
        governed(action="disclose", data=["fitness_flag"], purpose="billing", recipient="provider.ads")


@pytest.mark.parametrize(
    ("action", "data", "purpose", "actor", "said"),
    [
        ("peek", ["name"], "billing", "", "unknown action `peek`"),
        ("use", ["nam"], "billing", "", "did you mean `name`"),
        ("use", ["name"], "bill", "", "unknown purpose `bill`"),
        ("use", ["name"], "other", "", "unknown purpose `other`"),
        ("use", [], "billing", "", "no data is named"),
        ("use", ["medical"], "treatment", "", "name leaves, not groups"),
        ("use", ["name"], "billing", "staff", "name leaves, not groups"),
        ("use", "name", "billing", "", "list of words"),
    ],
)
def test_words_that_are_not_in_the_vocabulary_fail_where_they_are_declared(
    action: str, data: list[str], purpose: str, actor: str, said: str
) -> None:
    with pytest.raises(DeclarationError, match=said):
        governed(action=action, data=data, purpose=purpose, actor=actor)


OWN = """---
statement: own
version: 0.1.0
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
"""


def test_another_statement_is_named_by_path_or_given(tmp_path: Path) -> None:
    file = tmp_path / "own.md"
    file.write_text(OWN, encoding="utf-8")
    for given in (str(file), compile_statement(OWN)):

        @governed(action="use", data=["name"], purpose="billing", statement=given)
        def bill(decision: Decision) -> str:
            return decision.version

        assert bill({"actor": "clinician"}) == "0.1.0"
        with pytest.raises(NeverPermittedError):
            governed(action="use", data=["email"], purpose="billing", statement=given)


def test_a_coroutine_function_is_decided_when_it_is_called() -> None:
    @governed(action="use", data=["itinerary"], purpose="travel_information")
    async def later(decision: Decision, place: str) -> str:
        await asyncio.sleep(0)
        return f"{place} {decision.outcome.value}"

    # A thread of its own, for a browser test before this one may have left its loop in this one.
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(asyncio.run, later(COVERED, "Lagos")).result() == "Lagos permit"
    with pytest.raises(RefusedError):
        later({}, "Lagos")  # type: ignore[unused-coroutine]


def test_it_still_looks_like_the_function_that_it_guards() -> None:
    assert isinstance(advise, Governed)
    assert (advise.__name__, advise.__doc__) == ("advise", "Say what to mind at a place.")
    assert list(inspect.signature(advise).parameters) == ["decision", "place", "loud"]
    assert advise.need.root == "use"
    assert advise.statement.digest == load_statement("ama").digest
