"""`amanat decide`: requests in, decisions out, one JSON object a line (`docs/reference/decide.md`).

Input is read in blocks of whole lines and each block is forgotten once it is answered, so memory does not grow with
the number of lines. Workers answer blocks side by side; the answers leave in the order of the questions.
"""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from typing import BinaryIO, Final

import click

from amanat.policy.lines import Lines
from amanat.statement.compile import Statement, compile_statement, load_statement
from amanat.statement.diagnostics import StatementError
from amanat.statement.overlay_compile import compile_overlay, load_overlays
from amanat.statement.overlay_lines import OverlaidLines
from amanat.statement.overlays import Overlay

_BLOCK: Final = 1 << 18
_AHEAD: Final = 4  # blocks waiting per worker: enough to keep all busy, few enough to keep memory flat

Block = tuple[bytes, int]
Answers = tuple[bytes, bool]


@click.command()
@click.option("--statement", "name", default="ama", show_default=True, help="An installed statement, or a file.")
@click.option("--overlay", "overlays", multiple=True, help="An installed overlay by id, or a file; may be repeated.")
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(1, 256), help="Processes that decide.")
def decide(name: str, overlays: tuple[str, ...], jobs: int) -> None:
    """Decide the requests on standard input, one JSON object a line, and print one answer a line.

    What the platform checks itself counts as satisfied here: that the organisation is known and of the same standard,
    that staff are trained and bound to the case, that the client's instruction covers the act, that a supplier is
    registered. Everything else is taken from the request, and an absent key takes its protective value.

    With --overlay, law, binding rules, policies and contracts make the statement stricter where they have a say; a
    contract that is named holds for every line.

    Ends with 0 if every line was decided, 2 if any line had an error, 1 if the statement or an overlay does not load.
    """
    try:
        statement = load_statement(name)
        around = load_overlays(overlays, statement)
    except StatementError as error:
        click.echo(error.explain(), err=True)
        sys.exit(1)
    sys.exit(_stream(_answering(statement, around, jobs), sys.stdout.buffer))


def _stream(answers: Iterable[Answers], out: BinaryIO) -> int:
    """Write each block of answers as soon as it is there; the exit code."""
    all_decided = True
    try:
        for text, decided in answers:
            out.write(text)
            out.flush()
            all_decided &= decided
    except BrokenPipeError:  # the reader has seen enough; leave nothing to flush at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        return 1
    return 0 if all_decided else 2


def _answering(statement: Statement, around: list[Overlay], jobs: int) -> Iterator[Answers]:
    questions = _numbered(_blocks(sys.stdin.buffer))
    if jobs == 1:
        yield from map(partial(answer_block, _lines(statement, around)), questions)
        return
    texts = (statement.text, [overlay.text for overlay in around])
    with ProcessPoolExecutor(jobs, initializer=_load, initargs=texts) as pool:
        yield from _in_order(lambda block: pool.submit(_answer_in_worker, block), questions, jobs * _AHEAD)


def _lines(statement: Statement, around: list[Overlay]) -> Lines | OverlaidLines:
    return OverlaidLines(statement.policy, around) if around else Lines(statement.policy)


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    """Whole lines, as many as have arrived; the last may lack its end."""
    rest: list[bytes] = []
    while data := stream.read1(_BLOCK):  # type: ignore[attr-defined]  # every buffered reader has it
        lines, end, begun = data.rpartition(b"\n")
        if end:
            yield b"".join([*rest, lines, end])
            rest = []
        rest.append(begun)
    if last := b"".join(rest):
        yield last


def _numbered(blocks: Iterable[bytes]) -> Iterator[Block]:
    """Each block with the number of its first line."""
    number = 1
    for block in blocks:
        yield block, number
        number += block.count(b"\n")


def answer_block(lines: Lines | OverlaidLines, block: Block) -> Answers:
    """The answers to a block of lines, and whether all of them are decisions."""
    text, first = block
    answers = [lines.answer(line, number) for number, line in enumerate(text.removesuffix(b"\n").split(b"\n"), first)]
    return b"".join(line for line, _ in answers), all(decided for _, decided in answers)


def _in_order(submit: Callable[[Block], Future[Answers]], blocks: Iterable[Block], most: int) -> Iterator[Answers]:
    waiting: deque[Future[Answers]] = deque()
    for block in blocks:
        waiting.append(submit(block))
        if len(waiting) >= most:
            yield waiting.popleft().result()
    for future in waiting:
        yield future.result()


_worker: dict[str, Lines | OverlaidLines] = {}


def _load(text: str, overlays: list[str]) -> None:
    """Compile the statement once per worker, from the very texts that the parent read."""
    statement = compile_statement(text)
    _worker["lines"] = _lines(statement, [compile_overlay(overlay, statement) for overlay in overlays])


def _answer_in_worker(block: Block) -> Answers:
    return answer_block(_worker["lines"], block)
