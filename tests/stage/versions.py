"""A newer version of the statement in force, and one act that it alone lets through: a help company takes on a case.

Version 1.1 widens clause 8.5d to help companies for whoever agreed to health data, and narrows clause 8.6.
"""

from datetime import date, datetime, timedelta
from functools import cache
from uuid import UUID, uuid4

from django.db import connection

from amanat.choices.models import State
from amanat.custody.choosing import Answer, Asked, choose
from amanat.custody.facts import Ask, Recipient
from amanat.custody.handle import Handle
from amanat.custody.publishing import publish
from amanat.custody.unit import unit
from amanat.mandates.models import Mandate
from amanat.statement.compile import Statement, compile_statement, load_statement
from amanat.statement.signing import sign
from amanat.vocabulary import clock
from amanat.vocabulary.choices import Choice, ChoiceKind
from stage.accounts import MovedClock
from stage.databases import AsLogin
from stage.group import Group

NEWER, DAY = "ama-1.1", date(2027, 7, 1)
HELPER = "alpine-help"
HAND_OVER = Ask("transfer", ("treatment_case",), "treatment", recipient=Recipient("assistance_company", HELPER))
ASKED = Asked("I agree that my health data is used.", "1", "en")
MEDICAL = Choice(ChoiceKind.MEDICAL_SERVICE)


@cache
def signed(name: str = NEWER, *changes: tuple[str, str]) -> Statement:
    """An installed statement with these words changed, signed clause by clause."""
    text = load_statement(name).text
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return compile_statement(sign(compile_statement(text), "Dina Weber", date(2026, 11, 1)))


def unsigned(name: str = NEWER) -> Statement:
    """An installed statement that nobody signed."""
    lines = load_statement(name).text.splitlines(keepends=True)
    return compile_statement("".join(line for line in lines if not line.startswith("> approved ")))


def a_helper(as_login: AsLogin) -> None:
    """A help company on the spot that signed our terms."""
    from amanat.organisations import models as on_record  # noqa: PLC0415

    today = clock.now().date()
    with as_login("worker"):
        on_record.Provider.objects.create(
            code=HELPER, name="Alpine Help", kind="assistance_company", country="CH", comparable=["ordinary", "medical"]
        )
        on_record.Agreement.objects.create(
            provider_id=HELPER, company_id="ama-ch", terms=["secrecy", "purpose_bound", "our_directions"],
            since=today, until=today + timedelta(days=1000),
        )  # fmt: skip


def come_into_force(clock_: MovedClock, as_login: AsLogin, company: str = "") -> None:
    """Publish the newer version and wait for its first day."""
    with as_login("worker"):
        publish(signed(), DAY, company)
    clock_.moment = datetime(2027, 7, 1, 8, tzinfo=clock_.moment.tzinfo)


def open_case(group: Group, subject: UUID, *contexts: str) -> None:
    """Emil has a case on this person for the next day."""
    emil = group.actor("emil")
    with unit(emil, "case_coordination") as one:
        one.ask(Ask("view", ("name",), "eligibility"), [subject])
        Mandate.objects.create(
            subject=subject, id=uuid4(), company="ama-ch", holder_company="ama-ch", holder=emil.account, kind="case",
            contexts=list(contexts), since=one.now, until=one.now + timedelta(days=1),
        )  # fmt: skip


def agree(group: Group, subject: UUID, choice: Choice = MEDICAL, state: State = State.GIVEN) -> None:
    with unit(group.as_member(subject), "rights_fulfilment", channel="web_account") as one:
        assert choose(one, subject, [Answer(choice, state)], ASKED).permits(subject)


def act(group: Group, subjects: list[UUID], ask: Ask = HAND_OVER) -> Handle:
    with unit(group.actor("emil"), ask.purpose) as one:
        return one.ask(ask, subjects)


def in_force(company: str) -> list[str]:
    """The versions so far, as the ledger has them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT version FROM ledger_publication JOIN ledger_statement USING (digest)"
            " WHERE overlay = '' AND company IN ('', %s) ORDER BY since", [company],
        )  # fmt: skip
        return [version for (version,) in cursor.fetchall()]
