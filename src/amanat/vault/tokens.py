"""Finding a person without storing what they are found by: keyed tokens over number, e-mail, phone, name and date.

Values are normalised first, so that spelling in another case, script width or spacing meets the same token.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from amanat.crypto.derive import blind_token
from amanat.crypto.secret import SecretKey
from amanat.vault.keys import SQL, company_key

Asked = dict[str, Any]
# Both phones are found in one field.
INDEX_OF = {"phone_work": "phone", "phone_home": "phone"}
FIELDS = ("policy_number", "email", "phone", "surname_birth_date")


@dataclass(frozen=True, slots=True)
class Token:
    """An index token of one subject in one field, as a row of `vault_token`."""

    company: str
    field: str
    key_version: int
    token: bytes
    subject: UUID


def normalise(field: str, value: str) -> str:
    """The one spelling under which a value is indexed and looked up."""
    folded = unicodedata.normalize("NFKC", value).casefold().strip()
    if field == "phone":
        return "".join(character for character in folded if character.isdigit())[-9:]
    if field == "policy_number":
        return "".join(character for character in folded if character.isalnum())
    return " ".join(folded.split())


def surname_and_birth_date(surname: str, birth_date: str) -> str:
    return f"{surname}|{birth_date}"


@dataclass(frozen=True, slots=True)
class Index:
    """The blind index of one company under its newest key, for the length of one unit."""

    company: str
    key_version: int
    key: SecretKey

    def token(self, field: str, value: str) -> bytes:
        return blind_token(self.key, field, normalise(field, value))

    def tokens_of(self, subject: UUID, values: Iterable[tuple[str, str]]) -> list[Token]:
        """The tokens for a person's findable values; empty values give none."""
        return [
            Token(self.company, field, self.key_version, self.token(field, value), subject)
            for field, value in values
            if value
        ]

    def find(self, field: str, value: str, *, most: int = 4) -> list[UUID]:
        """Subjects whose indexed value equals `value`, at most `most` of them."""
        asked: Asked = {"company": self.company, "field": field, "version": self.key_version, "most": most}
        with connection.cursor() as cursor:
            cursor.execute(SQL["find_token"], {**asked, "token": self.token(field, value)})
            return [row[0] for row in cursor.fetchall()]

    def find_each(self, field: str, values: Sequence[str]) -> list[tuple[str, UUID]]:
        """(value, subject) for each of `values` that is known, as often as it is, in one statement."""
        by_token: dict[bytes, list[str]] = {}
        for value in values:
            by_token.setdefault(self.token(field, value), []).append(value)
        asked: Asked = {"company": self.company, "field": field, "version": self.key_version, "tokens": list(by_token)}
        with connection.cursor() as cursor:
            cursor.execute(SQL["find_tokens"], asked)
            return [(value, subject) for token, subject in cursor.fetchall() for value in by_token[bytes(token)]]


def open_index(company: str) -> Index:
    return Index(company, *company_key(company, "index"))


def store_tokens(tokens: Sequence[Token]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            SQL["insert_tokens"],
            {
                "companies": [token.company for token in tokens],
                "fields": [token.field for token in tokens],
                "versions": [token.key_version for token in tokens],
                "tokens": [token.token for token in tokens],
                "subjects": [token.subject for token in tokens],
            },
        )
