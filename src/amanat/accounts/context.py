"""What a transaction may see of the account tables: rows named by id, by a sign-in e-mail's token, or by a cookie.

Row security compares these settings; they end with the transaction, and an empty one shows no row.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

_SET_LOCAL = "SELECT set_config(%s, %s, true)"


def see_accounts(accounts: Iterable[UUID]) -> None:
    _set("amanat.account", ",".join(map(str, accounts)))


def see_company(company: str) -> None:
    _set("amanat.company", company)


def see_sign_in(email_token: bytes) -> None:
    _set("amanat.sign_in", email_token.hex())


def see_session(digest: bytes) -> None:
    _set("amanat.session", digest.hex())


def _set(name: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SET_LOCAL, [name, value])
