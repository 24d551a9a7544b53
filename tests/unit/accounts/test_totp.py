"""Codes after RFC 6238: the reference vectors, the leeway, and spellings that are no code."""

from datetime import UTC, datetime, timedelta

import pytest

from amanat.accounts.totp import STEP_SECONDS, code_of, matching_step, step_at

# RFC 6238, appendix B: the SHA-1 secret in base 32, and the last six digits of its codes.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
VECTORS = [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
           (2000000000, "279037"), (20000000000, "353130")]  # fmt: skip
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert code_of(SECRET, step_at(moment)) == code
    assert matching_step(SECRET, code, moment) == seconds // STEP_SECONDS


@pytest.mark.parametrize(("steps", "heard"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_heard_one_step_early_and_one_late(steps: int, heard: bool) -> None:  # noqa: FBT001  # a table
    code = code_of(SECRET, step_at(NOON) + steps)
    assert (matching_step(SECRET, code, NOON) is not None) == heard


def test_the_last_second_of_the_leeway_counts_and_the_next_does_not() -> None:
    code = code_of(SECRET, step_at(NOON))
    end = NOON + timedelta(seconds=2 * STEP_SECONDS)
    assert matching_step(SECRET, code, end - timedelta(seconds=1)) == step_at(NOON)
    assert matching_step(SECRET, code, end) is None


@pytest.mark.parametrize("respell", [
    lambda code: f" {code}", lambda code: f"{code}\n", lambda code: f"{code[:3]} {code[3:]}", lambda code: f"0{code}",
    lambda code: code[:5], lambda code: code[:0], lambda code: f"+{code[1:]}", lambda code: f"{code[:5]}\x00",
    lambda code: code.translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)}),
    lambda code: code.translate({ord("0") + digit: 0x0660 + digit for digit in range(10)}),
])  # fmt: skip
def test_another_spelling_of_a_code_is_no_code(respell) -> None:  # noqa: ANN001  # a lambda of the table
    assert matching_step(SECRET, respell(code_of(SECRET, step_at(NOON))), NOON) is None
