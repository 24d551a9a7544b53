"""Header line → the fields of a roster, by the words four languages use for them.

Order does not matter, nor do case, accents, spaces and punctuation. What is not known is dropped and reported;
what speaks of health or spending stops the whole file before any row is read (clauses 3.2a and 3.2d).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from amanat.rosters.cells import folded
from amanat.rosters.report import N_, RosterRefusedError
from amanat.rosters.sensitive import speaks_of_health, speaks_of_spending

LONGEST_SHOWN: Final = 80
LONGEST_NAME: Final = 200  # what is longer is no column name, and would only cost time to judge
FEWEST_KNOWN: Final = 2  # fewer known or sensitive names than this, and the first line is no header line

# A telephone of unknown kind counts as private: that is the better guarded of the two (3.4b).
_SYNONYMS: Final[Mapping[str, str]] = {
    "given_name": "given name, given names, first name, forename, prénom, prénoms, Vorname, Rufname, nombre, nombres,"
    " nombre de pila",
    "family_name": "family name, last name, surname, name, nom, nom de famille, Nachname, Familienname, Zuname,"
    " apellido, apellidos",
    "birth_date": "birth date, date of birth, birthday, DOB, date de naissance, né le, Geburtsdatum, Geburtstag,"
    " Geb. Datum, fecha de nacimiento, fecha nacimiento, F. nacimiento",
    "gender": "gender, sex, sexe, genre, Geschlecht, sexo, género",
    "nationality": "nationality, citizenship, nationalité, Staatsangehörigkeit, Nationalität, Staatsbürgerschaft,"
    " nacionalidad, ciudadanía",
    "email": "e-mail, e-mail address, mail, work e-mail, courriel, adresse e-mail, adresse électronique, mél,"
    " E-Mail-Adresse, Mailadresse, correo, correo electrónico, dirección de correo",
    "phone_work": "work phone, phone work, business phone, office phone, téléphone professionnel, tél. professionnel,"
    " tél. bureau, Telefon geschäftlich, Tel. geschäftlich, Telefon Geschäft, Telefon Arbeit, Diensttelefon,"
    " teléfono del trabajo, teléfono trabajo, tel. trabajo, teléfono laboral, teléfono profesional",
    "phone_home": "home phone, phone home, private phone, phone, phone number, telephone, mobile, mobile phone, cell,"
    " cell phone, téléphone, tél., téléphone privé, tél. privé, téléphone personnel, tél. mobile, portable, Telefon,"
    " Telefon privat, Tel. privat, Handy, Mobil, Mobiltelefon, Natel, teléfono, teléfono particular,"
    " teléfono de casa, móvil, celular",
    "language": "language, preferred language, lang, langue, langue préférée, Sprache, Korrespondenzsprache, idioma,"
    " lengua, idioma preferido",
    "country": "country, country of residence, residence country, residence, pays, pays de résidence, Land, Wohnland,"
    " Wohnsitzland, país, país de residencia",
    "relation": "relation, relationship, member type, person type, lien, qualité, lien de parenté, type de personne,"
    " Beziehung, Verhältnis, Personenart, relación, parentesco, tipo de persona",
    "employee_number": "employee number, employee no, employee ID, staff number, personnel number, matricule,"
    " numéro de matricule, numéro d'employé, Personalnummer, Personalnr., Pers.-Nr., Mitarbeiternummer,"
    " número de empleado, legajo",
    "policy_number": "policy number, policy no, policy ID, policy, member number, membership number, member ID,"
    " certificate number, numéro de police, n° de police, police, numéro d'adhérent, Policennummer, Policen-Nr.,"
    " Versicherungsnummer, Mitgliedsnummer, Vertragsnummer, número de póliza, póliza, número de socio",
    "related_to": "related to, dependant of, dependent of, employee policy number, principal, primary member,"
    " rattaché à, police de l'assuré principal, assuré principal, gehört zu, Hauptversicherter, Police Hauptperson,"
    " depende de, póliza del titular, titular",
    "scheme": "scheme, benefit scheme, plan, cover plan, product, programme, program, régime, formule, contrat,"
    " Tarif, Programm, plan de cobertura, programa, modalidad",
    "cover_from": "cover from, cover start, coverage start, start date, effective date, effective from, valid from,"
    " début de couverture, date de début, début, valable dès, gültig ab, Deckungsbeginn, Versicherungsbeginn, Beginn,"
    " inicio de cobertura, fecha de inicio, inicio, vigente desde",
    "cover_until": "cover until, cover to, cover end, coverage end, end date, valid until, expiry date,"
    " termination date, fin de couverture, date de fin, fin, valable jusqu'au, gültig bis, Deckungsende,"
    " Versicherungsende, Ende, fin de cobertura, fecha de fin, vigente hasta, vencimiento",
    "mobility_status": "mobility status, mobility, assignment type, statut de mobilité, mobilité, Mobilität,"
    " Mobilitätsstatus, Entsendung, estado de movilidad, movilidad",
    "industry_sector": "industry sector, industry, sector, secteur, secteur d'activité, Branche, Wirtschaftszweig,"
    " sector industrial, sector de actividad, industria",
    "trip_country": "trip country, destination, destination country, pays de destination, pays du voyage, Zielland,"
    " Reiseland, país de destino, destino",
    "trip_from": "trip from, departure, departure date, date de départ, départ, Abreise, Reisebeginn, fecha de salida,"
    " salida",
    "trip_until": "trip until, return, return date, date de retour, retour, Rückkehr, Reiseende, fecha de regreso,"
    " regreso",
}
REQUIRED: Final = (
    "given_name", "family_name", "birth_date", "country", "relation", "policy_number", "cover_from",
)  # fmt: skip


def _fields_by_word() -> dict[str, str]:
    table = {folded(field): field for field in _SYNONYMS}
    return table | {folded(word): field for field, words in _SYNONYMS.items() for word in words.split(",")}


_FIELD: Final = _fields_by_word()


@dataclass(frozen=True)
class Columns:
    """Which column holds which field, and which hold nothing that is wanted."""

    headers: tuple[str, ...]
    position: Mapping[str, int]
    dropped: tuple[str, ...]

    def header_of(self) -> dict[str, str]:
        return {field: self.headers[at] for field, at in self.position.items()}


def known_in(headers: Sequence[str]) -> int:
    """How many headers are known fields; the separator that gives the most is the file's."""
    return sum(len(header) <= LONGEST_NAME and folded(header) in _FIELD for header in headers)


def sensitive_in(headers: Sequence[str], judge: Callable[[str], bool]) -> tuple[str, ...]:
    return tuple(header for header in headers if folded(header) not in _FIELD and judge(header))


def health_in(headers: Sequence[str]) -> tuple[str, ...]:
    return sensitive_in(headers, speaks_of_health)


def spending_in(headers: Sequence[str]) -> tuple[str, ...]:
    return sensitive_in(headers, speaks_of_spending)


def map_columns(headers: Sequence[str]) -> Columns:
    """Find the fields. A field named twice or a required one that is absent refuses the file."""
    position: dict[str, int] = {}
    for at, header in enumerate(headers):
        field = _FIELD.get(folded(header))
        if field in position:
            raise RosterRefusedError(
                N_("the columns `%(first)s` and `%(second)s` mean the same"),
                hint=N_("keep one of them"), first=headers[position[field]], second=header,
            )  # fmt: skip
        if field:
            position[field] = at
    missing = [field for field in REQUIRED if field not in position]
    if missing:
        raise RosterRefusedError(
            N_("these columns are missing: %(columns)s"), hint=N_("add them to the file"), columns=", ".join(missing)
        )
    taken = set(position.values())
    dropped = tuple(header for at, header in enumerate(headers) if at not in taken)
    return Columns(tuple(headers), position, dropped)
