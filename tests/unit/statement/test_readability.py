"""The measure of reading: syllables and grades against published and hand-counted values."""

import pytest

from amanat.statement.readability import Reading, plain, reading_of, sentences_of, syllables

# Counted by hand from a dictionary's hyphens.
ONE = "make rule takes asked filled called sealed played lives goes does free eye the a used law we're don't"
TWO = (
    "safely something safety statement statements saying going being client clients patient quiet diet buyer payer"
    " create ruin fluid science special social marriage prior nation table tables handled handles people little"
    " travelled controlled carried noted needed obeyed clauses pages watches boxes uses themselves someone sometimes"
    " therefore careful useless unless complaint cookies device creature itself friendly client's e-mail before"
)
THREE = (
    "agreement management element guardian annual usual quality previous various serious employer insurer issuer"
    " influence idea area radio period premium official financial services companies anyone everyone whoever however"
    " wherever awareness completely privacy requirement settlement implement clinician physician example opinion"
    " creation reptilian"
)
FOUR = "recipient experience society variety emergency authority situation evaluate seventy-two"
FIVE = "nationality association organisation habitually"
COUNTED = {
    1: ONE, 2: TWO, 3: THREE, 4: FOUR, 5: FIVE,
}  # fmt: skip


@pytest.mark.parametrize("count", COUNTED)
def test_syllables_are_counted_as_a_dictionary_counts_them(count: int) -> None:
    assert {word: syllables(word) for word in COUNTED[count].split()} == dict.fromkeys(COUNTED[count].split(), count)


@pytest.mark.parametrize(
    ("text", "words", "spoken", "grade"),
    [
        ("The cat sat on the mat.", 6, 6, -1.45),
        ("This sentence, taken as a reading passage unto itself, is being used to prove a point.", 16, 23, 7.61),
        ("The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.", 13, 24, 11.27),
    ],
)
def test_the_grade_is_that_of_the_published_examples(text: str, words: int, spoken: int, grade: float) -> None:
    reading = reading_of(text)
    assert (reading.sentences, reading.words, reading.syllables, reading.longest) == (1, words, spoken, words)
    assert reading.grade == pytest.approx(grade, abs=0.01)


def test_longer_sentences_and_longer_words_are_harder() -> None:
    short = reading_of("We guard your data. We tell you why. You can say no.")
    joined = reading_of("We guard your data and we tell you why and you can say no.")
    learned = reading_of("We safeguard personal information. We communicate justifications. Objections are honoured.")
    assert short.grade < joined.grade < learned.grade
    assert (short.sentences, short.longest) == (3, 4)


def test_a_reader_sees_the_words_of_a_link_and_not_its_target() -> None:
    said = "We [tell](do:telling) [whoever pays](to:payer) only if [you agreed](if:consent:payer_disclosure)."
    assert plain(said) == "We tell whoever pays only if you agreed."
    assert reading_of(said) == reading_of("We tell whoever pays only if you agreed.")


def test_a_placeholder_counts_as_the_name_it_stands_for() -> None:
    assert plain("The desk of {company} answers you.") == "The desk of Amanat answers you."


def test_a_sentence_ends_at_its_stop_even_inside_quotation_marks() -> None:
    assert len(sentences_of("You say “no.” We stop. Do we ask why? No!")) == 4
    assert len(sentences_of("We keep it for 30.5 days; then it is gone.")) == 1


def test_a_text_without_words_has_no_grade() -> None:
    assert reading_of("") == Reading(0, 0, 0, 0)
    assert reading_of("…").grade == 0
