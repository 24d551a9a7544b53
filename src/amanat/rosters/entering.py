"""From a row of a roster to a person who enters: facts for the rules, values for the vault, and what finds them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from amanat.custody.sweep import Newcomer
from amanat.organisations.models import Client
from amanat.rosters import cells
from amanat.rosters.rows import Relation, RosterRow
from amanat.vocabulary import clock

_RELATIONS = {
    Relation.EMPLOYEE: "employee_of",
    Relation.DEPENDANT: "dependant_of",
    Relation.MEMBER_OF: "member_of",
    Relation.BENEFICIARY: "beneficiary_under",
}
_REMEMBERED_AS_MINOR_UNTIL = 21


def in_order_of_entry(rows: Sequence[RosterRow], known: Mapping[str, UUID], owner: Client) -> list[Newcomer]:
    """Those who are new, members before dependants: wherever a load stops, nobody belongs to somebody who is not here.

    `known` maps policy numbers, as `cells.key` spells them, to the people enrolled before.
    """
    new = [row for row in rows if cells.key(row.policy_number) not in known]
    subjects = {**known, **{cells.key(row.policy_number): uuid4() for row in new}}
    new.sort(key=lambda row: row.relation is Relation.DEPENDANT)
    return [_newcomer(row, subjects, owner) for row in new]


def _newcomer(row: RosterRow, subjects: Mapping[str, UUID], owner: Client) -> Newcomer:
    return Newcomer(
        subject=subjects[cells.key(row.policy_number)],
        residence=row.country,
        minor_until=minor_until(row.birth_date),
        relation=_RELATIONS[row.relation],
        scheme=row.scheme or "standard",
        since=row.cover_from,
        until=row.cover_until,
        values=_values(row, owner),
        findable=_findable(row),
        other=subjects[cells.key(row.related_to or "")] if row.relation is Relation.DEPENDANT else None,
        stay=(row.trip_country, row.trip_from, row.trip_until)
        if row.trip_country and row.trip_from and row.trip_until
        else None,
    )


def minor_until(born: date) -> date | None:
    """The first of the month after the 18th birthday, for those under 21; older people need no such date."""
    today = clock.now().date()
    if (today.year - born.year) - ((today.month, today.day) < (born.month, born.day)) >= _REMEMBERED_AS_MINOR_UNTIL:
        return None
    year, month = born.year + 18, born.month + 1
    return date(year + (month > 12), (month - 1) % 12 + 1, 1)


def _values(row: RosterRow, owner: Client) -> dict[str, Any]:
    """Leaf → value, for the leaves that the row fills."""
    until = row.cover_until.isoformat() if row.cover_until else None
    values: dict[str, Any] = {
        "name": {"given": row.given_name, "family": row.family_name},
        "birth_date": row.birth_date.isoformat(),
        "gender": row.gender,
        "nationality": row.nationality,
        "email": row.email,
        "phone_work": row.phone_work,
        "phone_home": row.phone_home,
        "language": row.language,
        "member_id": row.employee_number,
        "policy_number": row.policy_number,
        "mobility_status": row.mobility_status,
        "industry_sector": row.industry_sector,
        "employer": owner.name if row.relation is Relation.EMPLOYEE else None,
        "family_status": "dependant" if row.relation is Relation.DEPENDANT else None,
        "scheme": row.scheme,
        "entitlement": {"status": "covered", "since": row.cover_from.isoformat(), "until": until},
    }
    if row.trip_country and row.trip_from and row.trip_until:
        values["itinerary"] = {
            "country": row.trip_country, "from": row.trip_from.isoformat(), "until": row.trip_until.isoformat(),
        }  # fmt: skip
    return {leaf: value for leaf, value in values.items() if value}


def _findable(row: RosterRow) -> tuple[tuple[str, str], ...]:
    return (
        ("policy_number", row.policy_number),
        ("email", row.email or ""),
        ("phone_work", row.phone_work or ""),
        ("phone_home", row.phone_home or ""),
        ("surname_birth_date", f"{row.family_name}|{row.birth_date.isoformat()}"),
    )
