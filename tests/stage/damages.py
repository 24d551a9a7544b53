"""Ways in which a statement comes to harm: a slip of the hand, a bad merge, a strange editor, or malice."""

import random
from collections.abc import Callable

from amanat.vocabulary.terms import ACTION, CATEGORY, CONTEXT, PURPOSE, RECIPIENT, ROLE

Damage = Callable[[list[str], random.Random], None]

_LETTERS = (
    "", "", "x", "9", "`", "[", "]", "(", ")", ":", ",", " ", "#", ">", "-", "\t", "²", "٣", "é", "日", "\u00a0",
    "\u2003",
    "\u200b", "\u200d", "\u200e", "\u200f", "\u202e", "\u2066", "\u2028", "\ufeff", "\ud800", "\udfff", "\0", "\x1b[2J",
    "\x85", "\r", "\r\n", "\x0c", "\U0001f600", "\U000e0041", "e\u0301", "\u0430",
)  # fmt: skip
_WORDS = (
    *(word for axis in (ACTION, CATEGORY, CONTEXT, PURPOSE, RECIPIENT, ROLE) for word in axis.mask),
    "permit", "forbid", "require", "control", "reach", "choice", "duty", "define", "if", "need", "unless", "and", "or",
    "not", "then", "who", "do", "data", "to", "in", "as", "with", "by default", "order", "agreement", "deny", "ask",
)  # fmt: skip
_HUGE = (
    "word ",
    "[",
    "(",
    "a,",
    " for ",
    "`",
    "\\",
    "[a](",
    "[a](data:name) ",
    "₂",
    " or ",
    "name, ",
    "> ",
    "consent(",
    "9",
)


def drop_a_line(lines: list[str], draw: random.Random) -> None:
    del lines[draw.randrange(len(lines))]


def repeat_a_line(lines: list[str], draw: random.Random) -> None:
    at = draw.randrange(len(lines))
    lines.insert(draw.choice((at, draw.randrange(len(lines) + 1))), lines[at])


def swap_lines(lines: list[str], draw: random.Random) -> None:
    one, other = draw.randrange(len(lines)), draw.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]


def scratch(lines: list[str], draw: random.Random) -> None:
    """A letter becomes another, of any script or none, or goes."""
    at = draw.randrange(len(lines))
    text = lines[at]
    place = draw.randrange(len(text) + 1)
    lines[at] = text[:place] + draw.choice(_LETTERS) + text[place + draw.choice((0, 1)) :]


def swap_words(lines: list[str], draw: random.Random) -> None:
    """Two words of a line change places, or one becomes a word from elsewhere."""
    at = draw.randrange(len(lines))
    words = lines[at].split(" ")
    one, other = draw.randrange(len(words)), draw.randrange(len(words))
    if draw.random() < 0.5:
        words[one], words[other] = words[other], words[one]
    else:
        words[one] = draw.choice(_WORDS)
    lines[at] = " ".join(words)


def splice(lines: list[str], draw: random.Random) -> None:
    at = draw.randrange(len(lines))
    lines[at] = lines[at][: draw.randrange(len(lines[at]) + 1)] + draw.choice(lines)


def indent(lines: list[str], draw: random.Random) -> None:
    at = draw.randrange(len(lines))
    lines[at] = (
        lines[at].lstrip() if lines[at][:1].isspace() else draw.choice((" ", "\t", "\u00a0", "\u3000")) + lines[at]
    )


def truncate(lines: list[str], draw: random.Random) -> None:
    at = draw.randrange(len(lines))
    del lines[at + 1 :]
    lines[at] = lines[at][: draw.randrange(len(lines[at]) + 1)]


def move_a_block(lines: list[str], draw: random.Random) -> None:
    """A few lines are cut and land elsewhere, or stand there a second time."""
    start = draw.randrange(len(lines))
    block = lines[start : start + draw.randint(1, 8)]
    if draw.random() < 0.5:
        del lines[start : start + len(block)]
    at = draw.randrange(len(lines) + 1)
    lines[at:at] = block


def end_lines_otherwise(lines: list[str], draw: random.Random) -> None:
    end = draw.choice(("\r", "\r", " ", "\t", "\x0c"))
    lines[:] = [line + end for line in lines]


def begin_otherwise(lines: list[str], draw: random.Random) -> None:
    lines[0] = draw.choice(("\ufeff", " ", "\n", "# ", "\0", "----")) + lines[0]


def grow(lines: list[str], draw: random.Random) -> None:
    """A line without measure, or a thousand of them."""
    filler = (draw.choice(_HUGE) * 4_100)[: draw.choice((60, 3_990, 4_100, 60_000))]
    at = draw.randrange(len(lines) + 1)
    times = draw.choice((1, 1, 300)) if len(filler) < 4_000 else 1
    lines[at:at] = [draw.choice(("", "  ", "permit ", "  data ")) + filler] * times


def nest(lines: list[str], draw: random.Random) -> None:
    """Brackets in brackets, quotes in quotes, a rule in a rule."""
    deep = draw.choice((3, 200, 1_900))
    opening, closing = draw.choice((("[", "]"), ("(", ")"), ("> ", ""), ("```", ""), ("**", "**"), ("not ", "")))
    at = draw.randrange(len(lines))
    lines[at] = opening * deep + lines[at] + closing * deep


DAMAGES: tuple[Damage, ...] = (
    drop_a_line, drop_a_line, repeat_a_line, swap_lines, scratch, scratch, scratch, swap_words, swap_words, splice,
    indent, truncate, move_a_block, end_lines_otherwise, begin_otherwise, grow, nest,
)  # fmt: skip


def damaged(text: str, draw: random.Random) -> str:
    """The text after one or a few harms."""
    lines = text.split("\n")
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        draw.choice(DAMAGES)(lines, draw)
        lines = lines or [""]
    return "\n".join(lines)
