"""Files as clients really send them: every encoding, separator and order gives the same people."""

from datetime import date

import pytest

from amanat.rosters.reading import MAX_BYTES, MAX_COLUMNS, MAX_ROWS
from amanat.rosters.report import Fault, RosterRefusedError
from amanat.rosters.rows import Relation, RosterRow
from stage.sheets import AMINA, HEADERS, changed, only, read, written


def test_a_row_is_read_into_typed_values() -> None:
    assert only(read(written(AMINA))) == RosterRow(
        line=2,
        given_name="Amina",
        family_name="Haddad",
        birth_date=date(1990, 6, 30),
        country="CH",
        relation=Relation.EMPLOYEE,
        policy_number="ORX-1",
        cover_from=date(2026, 1, 1),
        email="amina@oryx-energy.example",
    )


@pytest.mark.parametrize("by", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_form_does_not_matter(by: str, end: str, encoding: str) -> None:
    text = written(changed(last_name="Küng-Œuvray"), by=by, end=end)
    roster = read(text.encode(encoding))
    assert only(roster).family_name == "Küng-Œuvray"
    assert roster.dialect.delimiter == by
    assert roster.dialect.encoding == ("windows-1252" if encoding == "cp1252" else "utf-8")


@pytest.mark.parametrize("by", [",", ";", "\t"])
def test_every_cell_may_stand_in_quotes(by: str) -> None:
    quoted = [tuple(f'"{cell}"' for cell in row) for row in (HEADERS, changed(last_name=f'O""Haddad{by}'.strip()))]
    roster = read(written(quoted[1], headers=quoted[0], by=by))
    assert only(roster).family_name == f'O"Haddad{by}'.strip()


def test_columns_stand_in_any_order() -> None:
    turned = written(AMINA[::-1], headers=HEADERS[::-1])
    assert only(read(turned)) == only(read(written(AMINA)))


@pytest.mark.parametrize(
    "headers",
    [
        ("N° de police", "Prénom", "Nom", "Date de naissance", "Pays", "Lien", "Début de couverture", "Courriel"),
        ("Policen-Nr.", "VORNAME", "Name", "Geburtsdatum", "Wohnland", "Beziehung", "Gueltig ab", "E-Mail-Adresse"),
        ("Número de póliza", "Nombre", "Apellidos", "Fecha de nacimiento", "País", "Relación", "Inicio", "Correo"),
        ("policy_number", "given_name", "family_name", "birth_date", "country", "relation", "cover_from", "email"),
    ],
)
def test_headers_speak_four_languages_and_the_technical_one(headers: tuple[str, ...]) -> None:
    assert only(read(written(AMINA, headers=headers))) == only(read(written(AMINA)))


def test_blank_lines_and_line_breaks_in_quotes_keep_the_line_numbers_right() -> None:
    bad = changed(policy_number="ORX-2", country="Atlantis")
    roster = read("\n" + written(changed(last_name='"El\nHaddad"')) + "\n,,,,,,,\n" + ",".join(bad))
    assert roster.rows[0].line == 3
    assert roster.rows[0].family_name == "El Haddad"
    assert [(one.line, one.column, one.fault) for one in roster.rejected] == [(7, "Country", Fault.UNKNOWN_COUNTRY)]


def test_unknown_columns_are_named_and_dropped() -> None:
    roster = read(written((*AMINA, "left-handed"), headers=(*HEADERS, "Remarks")))
    assert roster.dropped == ("Remarks",)
    assert "left-handed" not in repr(roster)


def test_size_and_digest_are_those_of_the_file() -> None:
    roster = read(written(AMINA))
    assert roster.size == len(written(AMINA))
    assert len(bytes.fromhex(roster.digest)) == 32


def test_bytes_that_windows_1252_does_not_know_cost_their_line_only() -> None:
    data = written(changed(last_name="K@ng"), changed(policy_number="ORX-2", last_name="Küng")).encode("cp1252")
    roster = read(data.replace(b"@ng", b"\x81ng"))
    assert [(one.line, one.column, one.fault) for one in roster.rejected] == [(2, "Last name", Fault.BAD_BYTE)]
    assert [row.family_name for row in roster.rows] == ["Küng"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "does not name the columns"),
        (b"\n\n;;;\n", "does not name the columns"),
        (written(AMINA).encode("utf-16"), "UTF-16"),
        (written(AMINA).encode("utf-16-le"), "not CSV text"),
        (b"PK\x03\x04\x14\0\x08\0[Content_Types].xml", "not CSV text"),
        (b"%PDF-1.7\n1 0 obj\n", "not CSV text"),
        (written(changed(last_name="Küng"), changed(first_name="Zoë")).encode()[:-60] + b"\xe9\n", "line 3"),
        (b"\xef\xbb\xbf" + written(changed(last_name="Küng")).encode("cp1252"), "line 2"),
        (written(changed(last_name='"Haddad')).encode(), "line 2 is not well-formed CSV"),
        (b"x" * (MAX_BYTES + 1), "larger than 16 MiB"),
        (",".join([*HEADERS, *(f"c{n}" for n in range(MAX_COLUMNS))]).encode(), "more than 60 columns"),
        (b"first name,last name," + b"x" * 201, "longer than 200 characters"),
        ((written() + "x\n" * (MAX_ROWS + 1)).encode(), "more than 50000 rows"),
        (b"first name,last name,email\n", "birth_date, country, relation, policy_number, cover_from"),
        (",".join([*HEADERS, "Courriel"]).encode(), "`E-mail` and `Courriel` mean the same"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_with_the_reason(data: bytes, words: str) -> None:
    with pytest.raises(RosterRefusedError) as refused:
        read(data)
    assert words in str(refused.value)
    assert refused.value.hint or "does not name" in words


def test_a_file_without_header_line_is_refused_without_repeating_its_first_person() -> None:
    with pytest.raises(RosterRefusedError) as refused:
        read(",".join(AMINA))
    assert "Haddad" not in str(refused.value)


def test_a_broken_character_does_not_travel_with_the_error() -> None:
    """The decoder's own error holds the whole file."""
    with pytest.raises(RosterRefusedError) as refused:
        read("Küng Zoë Œuvray".encode() + b"\xe9")
    assert refused.value.__context__ is None
