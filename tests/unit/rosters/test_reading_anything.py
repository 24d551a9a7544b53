"""Whatever bytes arrive, the answer is a roster or a refusal, soon, and no value is repeated in it.

Time is the processor's, so that a busy machine proves nothing.
"""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.rosters.reading import Roster, read_roster
from amanat.rosters.report import Fault, RosterRefusedError
from stage.sheets import HEADERS

ONE_SECOND = 1.0
HEADER_LINE = ";".join((*HEADERS, "Dependant of", "Phone", "Language", "Notes")).encode()
CELLS = st.lists(st.text(max_size=30).filter(lambda text: '"' not in text), min_size=10, max_size=13)

OUR_WORDS = " ".join(text for fault in Fault for text in (fault.what, fault.mend))


def read_in_time(data: bytes) -> Roster | RosterRefusedError:
    begun = time.process_time()
    try:
        return read_roster(data, client="oryx-energy")
    except RosterRefusedError as refused:
        return refused
    finally:
        assert time.process_time() - begun < ONE_SECOND


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=4000))
def test_random_bytes_are_refused_or_read(data: bytes) -> None:
    read_in_time(data)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=2000))
def test_random_bytes_under_good_headers_are_refused_or_read(data: bytes) -> None:
    read_in_time(HEADER_LINE + b"\n" + data)


@settings(max_examples=200, deadline=None)
@given(st.lists(CELLS, max_size=20))
def test_every_line_is_taken_or_sent_back_and_none_is_both(lines: list[list[str]]) -> None:
    body = "\n".join(";".join(f'"{cell}"' for cell in cells) for cells in lines)
    answer = read_in_time(HEADER_LINE + b"\n" + body.encode("utf-8", errors="ignore"))
    assert isinstance(answer, Roster)
    assert {row.line for row in answer.rows}.isdisjoint(answer.rejected_lines)
    told = {text for one in answer.rejected for text in (one.what, one.mend)}
    drawn = {cell for cells in lines for cell in cells if len(cell) > 8 and cell not in OUR_WORDS}
    assert not any(cell in text for cell in drawn for text in told)


def test_long_words_and_many_columns_do_not_slow_the_header_down() -> None:
    read_in_time(b"first name;last name;" + b";".join(b"diagnosx" * 15_000 for _ in range(50)))
    read_in_time(b"first name;last name;" + b" xiagnosis" * 12_000)
