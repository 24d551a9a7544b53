"""A declaration as a sentence: the second witness of a duty or a right, made from its values alone."""

from amanat.policy.rule import ALWAYS
from amanat.statement.declarations import Consequence, Declaration, Definition, Duty, Right
from amanat.statement.words import condition_words, label, listed
from amanat.vocabulary.duties import ALWAYS_KEPT, STANDING, span_words
from amanat.vocabulary.services import SERVICE


def declaration_sentence(declared: Declaration) -> str:
    """A declaration as a sentence, made from its values alone."""
    match declared:
        case Duty():
            said = _duty(declared)
        case Right():
            said = _right(declared)
        case Definition():
            words = [f"“{label(kind, term)}”" for kind, term in declared.terms]
            said = f"what {listed(words, 'and')} {'mean' if len(words) > 1 else 'means'} is said here"
        case Consequence():
            said = _consequence(declared)
    return said[0].upper() + said[1:] + "."


def _duty(duty: Duty) -> str:
    """An open place stays open in the sentence, so that a reader sees what is lacking."""
    owner = label("role", duty.owner) if duty.owner else "nobody named"
    at_once = "at all times" if duty.event in STANDING else "at once"
    clock = at_once if duty.within == ALWAYS_KEPT else _clock(duty.within)
    event = f"for {label('event', duty.event)}" if duty.event else "again and again"
    said = f"{event}, {owner} has to act {clock}"
    shown = listed([label("evidence", word) for word in duty.evidence], "and") if duty.evidence else "nothing"
    return f"{said}; {shown} {'show' if len(duty.evidence) > 1 else 'shows'} it"


def _clock(span: str) -> str:
    return f"within {span_words(span)}" if span else "at no set time"


def _right(right: Right) -> str:
    who = listed([label("role", word) for word in right.who]) if right.who else "anyone"
    done = listed([label("action", word) for word in right.do])
    said = f"{who} may ask to {done} {listed([label('data', word) for word in right.data])}"
    if right.need != ALWAYS:
        said += f", once {condition_words(right.need)}"
    if right.within == ALWAYS_KEPT:
        return f"{said}; we do so at once"
    return f"{said}; we do so {_clock(right.within)}" if right.within else said


# What these change depends on what one blocks or holds back.
_TURNS_ON_WHICH = frozenset({"block_recipient", "block_purpose", "withhold"})
_ACTS = {"give": "you choose", "withdraw": "you take back"}


def _consequence(consequence: Consequence) -> str:
    may = "may " if consequence.choice in _TURNS_ON_WHICH else ""
    lines = [
        (consequence.stops, f"{may}stop"),
        (consequence.degrades, f"{may}come with less"),
        (consequence.continues, "go on"),
    ]
    named = [
        f"these {verb}: {listed([label('service', one) for one in SERVICE.names_in(SERVICE.union(services))], 'and')}"
        for services, verb in lines
        if services
    ]
    return f"if {_ACTS[consequence.act or 'give']} {label('choice', consequence.choice)}, {'; '.join(named)}"
