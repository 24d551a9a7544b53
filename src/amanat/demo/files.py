"""The members as their clients would send them: eight CSV files, no two of the same make.

They differ in encoding, separator, order of columns, language of headers and words, and spelling of dates, because
real ones do. The file of Borealis Freight holds three rows that must be sent back.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from amanat.demo.people import Person
from amanat.demo.world import World

BAD_ROWS_IN: Final = "borealis-freight"
_BAD_ROWS_AFTER: Final = 40  # rows, so that they do not stand together at an end


@dataclass(frozen=True)
class RosterFile:
    client: str
    name: str
    data: bytes


@dataclass(frozen=True)
class _Make:
    """How one client's system writes its export. `columns` are field and header, `words` its own terms."""

    name: str
    columns: tuple[tuple[str, str], ...]
    encoding: str = "utf-8"
    delimiter: str = ","
    dotted: bool = False
    newline: str = "\r\n"
    words: Mapping[str, str] = field(default_factory=dict)


def _columns(table: str) -> tuple[tuple[str, str], ...]:
    """`field: header` pairs, split by `|`."""
    pairs = (pair.partition(":") for pair in table.split("|"))
    return tuple((name.strip(), header.strip()) for name, _, header in pairs)


_ENGLISH: Final = """
policy_number: Policy number | family_name: Last name | given_name: First name | birth_date: Date of birth
| gender: Gender | nationality: Nationality | country: Country of residence | language: Language | email: E-mail
| phone_work: Work phone | phone_home: Mobile | relation: Relation | related_to: Dependant of | scheme: Plan
| cover_from: Valid from | cover_until: Valid until | employee_number: Employee no. | industry_sector: Industry
| mobility_status: Mobility
"""
_TECHNICAL: Final = """
relation: relation | policy_number: policy_number | related_to: related_to | cover_from: cover_from
| cover_until: cover_until | scheme: scheme | email: email | phone_home: phone_home | phone_work: phone_work
| given_name: given_name | family_name: family_name | birth_date: birth_date | gender: gender | country: country
| nationality: nationality | language: language | mobility_status: mobility_status
| industry_sector: industry_sector | employee_number: employee_number
"""
_GERMAN: Final = """
employee_number: Personalnummer | family_name: Nachname | given_name: Vorname | gender: Geschlecht
| birth_date: Geburtsdatum | nationality: Staatsangehörigkeit | country: Wohnland | language: Sprache
| relation: Beziehung | policy_number: Policennummer | related_to: gehört zu | scheme: Tarif
| cover_from: gültig ab | cover_until: gültig bis | phone_work: Telefon geschäftlich | phone_home: Handy
| email: E-Mail-Adresse | mobility_status: Mobilität | industry_sector: Branche
"""
_FRENCH: Final = """
given_name: Prénom | family_name: Nom | birth_date: Né le | gender: Sexe | nationality: Nationalité
| country: Pays de résidence | language: Langue | email: Courriel | phone_home: Tél. privé
| phone_work: Tél. professionnel | relation: Lien | policy_number: N° de police | related_to: Rattaché à
| scheme: Formule | cover_from: Début de couverture | cover_until: Fin de couverture
| employee_number: Matricule | mobility_status: Mobilité | industry_sector: Secteur d'activité
"""
_SPANISH: Final = """
policy_number: Número de póliza | given_name: Nombre | family_name: Apellidos | gender: Sexo
| birth_date: Fecha de nacimiento | nationality: Nacionalidad | country: País de residencia | language: Idioma
| email: Correo electrónico | phone_home: Móvil | phone_work: Teléfono del trabajo | relation: Relación
| related_to: Depende de | scheme: Modalidad | cover_from: Inicio de cobertura | cover_until: Fin de cobertura
| mobility_status: Movilidad | industry_sector: Sector industrial | employee_number: Legajo
"""
_TRIPS: Final = "| trip_country: Destination | trip_from: Departure | trip_until: Return"

_GERMAN_WORDS: Final = {
    "employee": "Mitarbeiter", "dependant": "Angehörige", "female": "weiblich", "male": "männlich",
    "expatriate": "entsandt", "traveller": "Reisende", "local": "ortsansässig",
}  # fmt: skip
_FRENCH_WORDS: Final = {
    "employee": "salarié", "dependant": "ayant droit", "female": "F", "male": "M",
    "expatriate": "expatrié", "traveller": "voyageur",
}  # fmt: skip
_SPANISH_WORDS: Final = {
    "member_of": "estudiante", "female": "mujer", "male": "hombre", "expatriate": "expatriado", "traveller": "viajero",
}  # fmt: skip

_MAKES: Final = {
    "oryx-energy": _Make("oryx-people.csv", _columns(_ENGLISH + _TRIPS), encoding="utf-8-sig"),
    "borealis-freight": _Make(
        "Mitarbeiterliste.csv", _columns(_GERMAN), "cp1252", ";", dotted=True, words=_GERMAN_WORDS
    ),
    "northmark-service": _Make("posted-officers.tsv", _columns(_TECHNICAL), delimiter="\t", newline="\n"),
    "lantern-wells": _Make("effectifs.csv", _columns(_FRENCH), "cp1252", ";", dotted=True, words=_FRENCH_WORDS),
    "halcyon-assurance": _Make("insured-persons.csv", tuple(sorted(_columns(_TECHNICAL))), newline="\n"),
    "plum-card": _Make("benefit-holders.csv", tuple(reversed(_columns(_ENGLISH)))),
    "summit-league": _Make("members.csv", _columns(_ENGLISH), delimiter=";", words={"member_of": "member"}),
    "harbourlight": _Make("estudiantes.csv", _columns(_SPANISH), delimiter=";", dotted=True, words=_SPANISH_WORDS),
}


def roster_files(world: World, people: Iterable[Person]) -> list[RosterFile]:
    """One file a client, in the order of the world's clients. The same people give the same bytes."""
    rows: dict[str, list[dict[str, str]]] = {client.id: [] for client in world.clients}
    for person in people:
        rows[person.client].append(_row(person, _MAKES[person.client]))
    rows[BAD_ROWS_IN][_BAD_ROWS_AFTER:_BAD_ROWS_AFTER] = _bad_rows(world.as_of)
    return [RosterFile(client, _MAKES[client].name, _written(_MAKES[client], rows[client])) for client in rows]


def _row(person: Person, make: _Make) -> dict[str, str]:
    return {name: _cell(getattr(person, name), make) for name, _ in make.columns}


def _cell(value: date | str | None, make: _Make) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}" if make.dotted else value.isoformat()
    return make.words.get(value, value)


def _bad_rows(as_of: date) -> list[dict[str, str]]:
    """A date that can be read in two ways, an employee who is not there, a cover that ends before it begins."""
    sound = {
        "family_name": "Küster", "given_name": "Frauke", "gender": "weiblich", "birth_date": "09.02.1983",
        "nationality": "DE", "country": "DE", "language": "de", "relation": "Mitarbeiter", "scheme": "borealis-crew",
        "cover_from": f"01.01.{as_of.year}", "cover_until": f"31.12.{as_of.year}", "industry_sector": "transport",
        "email": "frauke.kuester@borealis-freight.example", "mobility_status": "ortsansässig",
    }  # fmt: skip
    return [
        sound | {"policy_number": "BOR-100901", "birth_date": "03/04/1988"},
        sound | {"policy_number": "BOR-100902", "relation": "Angehörige", "related_to": "BOR-100999"},
        sound | {"policy_number": "BOR-100903", "cover_until": f"31.12.{as_of.year - 1}"},
    ]


def _written(make: _Make, rows: Iterable[Mapping[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=make.delimiter, lineterminator=make.newline)
    writer.writerow([header for _, header in make.columns])
    writer.writerows([row.get(name, "") for name, _ in make.columns] for row in rows)
    return text.getvalue().encode(make.encoding)
