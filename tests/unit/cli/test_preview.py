"""`amanat preview`: the reference page's examples, and what is refused."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from amanat.cli.preview import NoChangeError, preview

PAGE = Path(__file__).parents[3] / "docs/reference/preview.md"
PERSON = {
    "company": "CH", "recipient_country": "CH",
    "subject": {"relation": "employee_of", "age": 41, "country": "CH",
                "choices": ["medical_service", "payer_disclosure:employer"]},
    "facts": {"agreement": "live", "agreement_terms": ["secrecy", "purpose_bound", "our_directions"], "tool": "scc",
              "entitlement": True, "identity": "proven"},
}  # fmt: skip


def run(*words: str) -> Result:
    return CliRunner().invoke(preview, words, input=json.dumps(PERSON), catch_exceptions=False)


def test_the_example_of_the_reference_is_what_is_printed() -> None:
    text = PAGE.read_text(encoding="utf-8")
    (example,) = re.findall(r"```console\n\$ amanat preview (.*) < amina.json\n(.*?)```", text, flags=re.DOTALL)
    assert json.loads(re.findall(r"```json\n(.*?)```", text, flags=re.DOTALL)[0]) == PERSON
    assert run(*example[0].split()).stdout == example[1]


def test_a_choice_is_turned_round_as_it_stands_or_as_told() -> None:
    assert run("--choice", "newsletter").stdout.startswith("preview: give newsletter\n")
    assert run("--choice", "medical_service").stdout.startswith("preview: withdraw medical_service\n")
    with pytest.raises(NoChangeError, match="`newsletter` is not among"):
        run("--choice", "newsletter", "--withdraw")


def test_another_aim_is_told_apart_and_who_leaves_reads_what_is_sent() -> None:
    told = json.loads(run("--choice", "other_purpose:film", "--json").stdout)
    assert told["services"]["starts"] == ["other.film"]
    assert all(recipient.endswith(" for other.film") for recipient in told["newly_told"])
    assert told["no_longer_told"] == {}
    assert "no more than that the person left" in run("--choice", "opt_out_service").stdout


def test_a_contract_that_lets_nothing_through_leaves_nothing_to_lose() -> None:
    plain, strict = (
        json.loads(run("--choice", "payer_disclosure:employer", "--json", *more).stdout)
        for more in ((), ("--overlay", "contract:oryx-energy"))
    )
    assert "direct_payment" in plain["services"]["stops"]
    assert set(plain["no_longer_told"]) == {"employer"}
    assert (strict["services"]["stops"], strict["no_longer_told"]) == ([], {})
