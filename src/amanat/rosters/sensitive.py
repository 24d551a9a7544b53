"""Which column headers speak of health or of spending, in four languages and their usual misspellings.

A roster may hold neither (clauses 3.2a and 3.2d). The nets are wide on purpose: to refuse a file for a harmless
column costs one e-mail, to read a diagnosis cannot be undone. Known columns are never asked about here.
"""

import re
import unicodedata
from typing import Final

# Found anywhere in a header, its words run together.
_HEALTH_STEMS: Final = """
diagnos maladie malade krank enferm disease illness sickness patholog symptom sintoma syndrom chronic chronisch
chroniq cronic diabet asthma epilep cancer krebs hepatit tubercul covid cardio cardia handicap disab behinder discapac
minusval invalid impairm wheelchair rollstuhl fauteuilroulant sillaruedas silladeruedas preexist prexist vorerkrank
antecedent mobilityneed
allerg alerg intoleran unvertraglich medic medikament medizin arzneimittel vaccin vacin vakzin vacun impfung impfstatus
impfpass immuni insulin pacemaker schrittmacher marcapasos prescri rezept receta ordonnance treatment traitement behandl
tratamiento therap terapi surger chirurg cirug hospital hopital krankenhaus
pregnan pregnac schwanger embaraz enceinte grossesse gravid maternit blood blut sanguin sangre rhesus fitness fittofly
fittowork tauglich aptitud apteau arbeitsunfah health gesundh psych psiqui psico genetic smok raucher fumeur fumador
alcohol alcool alkohol addict
doctor physician arzt medecin snomed loinc icd9 icd10 icd11 cim10 cim11 cie10 cie11
диагноз аллерг лекарств διαγνωσ αλλεργ تشخيص حساسية אבחנה אלרגיה निदान 診断 诊断 診斷 過敏 过敏 アレルギー 血液型 진단
알레르기 혈액형
"""
# Found as a word of their own: too short, or too common inside other words (departmental, community, saludo).
_HEALTH_WORDS: Final = """
icd dx rx hx diag hiv vih aids sida bmi imc bp med meds vax vacc jab sante salud sang asma diet dieta diat mental
condition conditions gdb rqth ehr emr phi care impf patient patiente paciente
"""
# Whole words that people mistype: one letter too many, too few, wrong or swapped still counts.
_MISTYPED: Final = """
diagnosis diagnose diagnostic diagnostico allergies allergie allergien alergias medical medication medicament
medikament medikamente vaccination vaccines vacunas impfung pregnant pregnancy grossesse enceinte schwangerschaft
embarazo embarazada disability disabilities handicap invalidite behinderung discapacidad fitness aptitude tauglichkeit
bloodtype bloodgroup blutgruppe treatment condition conditions prescription illness disease sickness maladie krankheit
enfermedad hospital chronic therapy therapie surgery health gesundheit symptoms doctor physician
"""
_SPENDING_STEMS: Final = """
transact transak merchant commercant commerce handler comerciante spend spent purchase achat einkauf compra amount
montant betrag importe cardnumber cardno numerodecarte kartennummer numerodetarjeta creditcard debitcard iban
accountnumber numerodecompte kontonummer numerodecuenta balance kontostand saldo umsatz
"""
_SPENDING_WORDS: Final = "mcc pan cvv cvc swift bic currency devise wahrung moneda price prix preis"
_SHORTEST_MISTYPED: Final = 6
_LONGEST_MISTYPED: Final = 24


def words_of(header: str) -> list[str]:
    """The words of a header in small letters, without marks and without characters that do not show."""
    visible = "".join(c for c in unicodedata.normalize("NFKC", header) if unicodedata.category(c) != "Cf")
    spaced = re.sub(r"(?<=[a-zß-ÿ])(?=[A-Z])", " ", visible)
    bare = unicodedata.normalize("NFKD", spaced.casefold())
    return re.findall(r"[^\W_]+", "".join(c for c in bare if not unicodedata.combining(c)))


def speaks_of_health(header: str) -> bool:
    words = words_of(header)
    together = "".join(words)
    return (
        any(stem in together for stem in _HEALTH_FOLDED)
        or not _HEALTH_ALONE.isdisjoint((*words, together))
        or any(_looks_mistyped(word) for word in (*words, together))
    )


def speaks_of_spending(header: str) -> bool:
    words = words_of(header)
    together = "".join(words)
    return any(stem in together for stem in _SPENDING_FOLDED) or not _SPENDING_ALONE.isdisjoint((*words, together))


def _looks_mistyped(word: str) -> bool:
    """Two words are one slip apart if they agree after each loses at most one letter; slips spare the first letter."""
    return _SHORTEST_MISTYPED <= len(word) <= _LONGEST_MISTYPED and not _slips(word).isdisjoint(_SLIPPED)


def _slips(word: str) -> set[str]:
    return {word} | {word[:at] + word[at + 1 :] for at in range(1, len(word))}


# Stems pass through the same folding as headers, so that marks of other scripts compare equal.
_HEALTH_FOLDED: Final = tuple("".join(words_of(stem)) for stem in _HEALTH_STEMS.split())
_HEALTH_ALONE: Final = frozenset(_HEALTH_WORDS.split())
_SLIPPED: Final = frozenset(slip for word in _MISTYPED.split() for slip in _slips(word))
_SPENDING_FOLDED: Final = tuple(_SPENDING_STEMS.split())
_SPENDING_ALONE: Final = frozenset(_SPENDING_WORDS.split())
