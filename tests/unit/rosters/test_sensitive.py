"""Columns about health or spending stop the file before a row is read, however they are spelt."""

import hashlib

import pytest

from amanat.errors import MalformedError
from amanat.rosters.columns import _SYNONYMS
from amanat.rosters.report import MedicalColumnError, RosterRefusedError, SpendingColumnError
from amanat.rosters.sensitive import speaks_of_health, speaks_of_spending
from stage.sheets import AMINA, HEADERS, read, written

HEALTH = (
    "Diagnosis|diagnoses|DIAGNOSE|Diagnóstico|Diag.|Dx|primary_diagnosis|ICD|ICD-10|icd10_code|CIM-10|CIE 10"
    "|Diagnois|Diagonsis|diagnossis|Daignosis|d i a g n o s i s|dia\u200bgnosis|Ｄｉａｇｎｏｓｉｓ"  # noqa: RUF001
    "|Blood type|bloodType|blood grp|Blutgruppe|Groupe sanguin|Grupo sanguíneo|Rhesus"
    "|Allergies|alergies|Alergias|Allergien|allergy info|Medication|Meds|current medicines|Medikamente|Médicaments"
    "|Medicación|medicaton|Rx|Rezept|Ordonnance|Receta"
    "|Disability|disabled|Disabilty|Behinderung|Handicap|Invalidité|Discapacidad|Minusvalía|GdB"
    "|Pregnant|pregnancy|pregnacy|Schwangerschaft|schwanger|Enceinte|Grossesse|Embarazo|embarazada"
    "|Vaccination|vaccinated|vacination|Covid status|Impfung|Impfstatus|Vacunas|Vaccin|vax"
    "|Fitness to work|fit to fly|Tauglichkeit|Arbeitsunfähig|Aptitude médicale|Aptitud|Health|Gesundheit|Santé|Salud"
    "|Chronic illness|Krankheiten|Maladies|Enfermedades|pre-existing conditions|conditons|Vorerkrankung|Mental|HIV|BMI"
    "|Smoker|Hausarzt|treating doctor|SNOMED|диагноз|過敏|アレルギー|تشخيص|אבחנה|진단|निदान|διάγνωση"
)
SPENDING = (
    "Transaction|transactions|transaction_id|Merchant|merchant name|MCC|Amount|Montant|Betrag|Importe|Händler"
    "|Commerçant|Comerciante|Card number|cardNumber|PAN|IBAN|Currency|Umsatz|Last purchase|Achats|Balance|spend"
)
HARMLESS = (
    "Remarks|Notes|Department|Abteilung|Cost centre|Manager|Office|Environmental team|Governmental level|Community"
    "|Saludo|Anrede|Title|Site|Badge colour|Updated at|Grade|Union|Hire date|Company|Cie|RH|Region|Postcode"
)


@pytest.mark.parametrize("header", HEALTH.split("|"))
def test_a_header_about_health_is_known_for_what_it_is(header: str) -> None:
    assert speaks_of_health(header)


@pytest.mark.parametrize("header", SPENDING.split("|"))
def test_a_header_about_spending_is_known_for_what_it_is(header: str) -> None:
    assert speaks_of_spending(header)


@pytest.mark.parametrize("header", HARMLESS.split("|"))
def test_a_harmless_header_stops_nothing(header: str) -> None:
    assert not speaks_of_health(header)
    assert not speaks_of_spending(header)


def test_no_column_that_is_asked_for_looks_forbidden() -> None:
    words = [word for words in _SYNONYMS.values() for word in words.split(",")]
    assert [word for word in words if speaks_of_health(word) or speaks_of_spending(word)] == []


@pytest.mark.clause("3.2a")
def test_a_roster_with_a_diagnosis_column_is_refused_whole() -> None:
    content = written((*AMINA, "migraine"), headers=(*HEADERS, "Diagnosis"))
    with pytest.raises(MedicalColumnError) as refused:
        read(content)
    error = refused.value
    assert isinstance(error, MalformedError)
    assert error.clause == "3.2a"
    assert error.columns == ("Diagnosis",)
    assert error.headers == (*HEADERS, "Diagnosis")
    assert error.size == len(content)
    assert error.digest == hashlib.sha256(content.encode()).hexdigest()
    assert not any(value in repr(vars(error)) + str(error) for value in ("migraine", "Amina", "ORX-1"))


def test_a_medical_column_is_found_before_anything_else_is_wrong() -> None:
    with pytest.raises(MedicalColumnError):
        read('first name,last name,Blood type\n"Amina,Haddad\n')


def test_a_medical_word_far_out_in_a_long_header_is_found_and_the_header_is_cut() -> None:
    with pytest.raises(MedicalColumnError) as refused:
        read(written(headers=(*HEADERS, f"{'remarks ' * 15} and diagnosis")))
    assert len(refused.value.columns[0]) == 80


@pytest.mark.clause("3.2d")
def test_a_list_of_card_transactions_is_refused_whole() -> None:
    with pytest.raises(SpendingColumnError) as refused:
        read(written((*AMINA, "Corner shop", "12.50"), headers=(*HEADERS, "Merchant", "Amount")))
    assert refused.value.clause == "3.2d"
    assert refused.value.columns == ("Merchant", "Amount")
    assert "Corner shop" not in str(refused.value)


def test_a_first_line_of_values_is_not_taken_for_headers_because_one_of_them_is_medical() -> None:
    with pytest.raises(RosterRefusedError) as refused:
        read("Amina,Haddad,Diabetes\n")
    assert not isinstance(refused.value, MedicalColumnError)
    assert "Haddad" not in str(refused.value)
