"""A declaration as a sentence: the second witness of a duty or a right, made from its values alone."""

from amanat.policy.rule import ALWAYS
from amanat.statement.declarations import Consequence, Declaration, Definition, Duty, Right
from amanat.statement.words import condition_words, label, listed
from amanat.vocabulary.duties import ALWAYS_KEPT, span_words
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
    event = f"for {label('event', duty.event)}" if duty.event else "for nothing named"
    said = f"{event}, {owner} has to act {_clock(duty.within)}"
    shown = listed([label("evidence", word) for word in duty.evidence], "and") if duty.evidence else "nothing"
    return f"{said}; {shown} {'show' if len(duty.evidence) > 1 else 'shows'} it"


def _clock(span: str) -> str:
    if not span:
        return "at no set time"
    return "at all times" if span == ALWAYS_KEPT else f"within {span_words(span)}"


def _right(right: Right) -> str:
    who = listed([label("role", word) for word in right.who]) if right.who else "anyone"
    done = listed([label("action", word) for word in right.do])
    said = f"{who} may ask us to {done} {listed([label('data', word) for word in right.data])}"
    if right.need != ALWAYS:
        said += f", once {condition_words(right.need)}"
    return f"{said}; we do so {_clock(right.within)}" if right.within else said


_ACTS = {"give": "you choose", "withdraw": "you take back"}


def _consequence(consequence: Consequence) -> str:
    lines = [(consequence.stops, "stop"), (consequence.degrades, "come with less"), (consequence.continues, "go on")]
    named = [
        f"these {verb}: {listed([label('service', one) for one in SERVICE.names_in(SERVICE.union(services))], 'and')}"
        for services, verb in lines
        if services
    ]
    return f"if {_ACTS[consequence.act or 'give']} {label('choice', consequence.choice)}, {'; '.join(named)}"
