"""An explanation in words: what was decided, which rules came near, what stopped it, and what could be done."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from amanat.policy.explain import Alternative, Considered, Explanation, Way
from amanat.policy.request import Request
from amanat.statement.words import label, literal_words

_Named = Callable[[Request, str], str]

# Axis on which a rule did not hold → how that is said, from the request and the datum.
_MISSES: Mapping[str, _Named] = {
    "who": lambda request, _: f"it does not name {label('role', request.actor)}" if request.actor else "nobody asks",
    "data": lambda _, word: f"it does not speak of {label('data', word)}",
    "field": lambda _, word: f"it does not speak of {label('data', word)}",
    "to": lambda request, _: _or_absent("to", "recipient", request.recipient),
    "from": lambda request, _: _or_absent("from", "recipient", request.source),
    "for": lambda request, _: _or_absent("for", "purpose", request.purpose),
    "ch": lambda request, _: f"it does not hold {label('channel', request.channel or 'web_public')}",
    "of": lambda request, _: f"it is not about {label('relation', request.relation)}",
    "ctx": lambda _request, _: "it speaks of another situation",
    "beside": lambda _request, _: "it speaks of other data together",
}


def _or_absent(lead: str, kind: str, word: str | None) -> str:
    return f"it is not {lead} {label(kind, word)}" if word else f"the request does not say {lead} whom or what"


def considered_words(one: Considered, request: Request) -> str:
    """Why this rule did not let the datum through; empty if nothing was lacking."""
    missed = [_MISSES[axis](request, one.word) for axis in one.missed]
    return "; ".join([*missed, *(f"it must be that {literal_words(literal)}" for literal in one.lacking)])


def alternative_words(one: Alternative) -> str:
    """What a person could do instead, as an instruction."""
    asked = " and ".join(label("choice", need) for need in one.asks)
    match one.way:
        case Way.CONSENT:
            return f"ask for {asked}"
        case Way.SUBSET:
            less = "leave it at " + ", ".join(label("data", word) for word in one.change)
            return f"{less}, and ask for {asked}" if asked else less
        case Way.RECIPIENT:
            return f"choose {label('recipient', one.change[0])} instead"


def explanation_lines(told: Explanation) -> Iterator[str]:
    """The whole explanation, a line at a time."""
    decision = told.decision
    yield f"explain: {_question(told.request)}"
    needs = "".join(f"; needs {label('need', need)}" for need in decision.needs)
    yield f"  {decision.outcome.value.upper()}{needs}  [{', '.join(decision.clauses)}]"
    if decision.obligations:
        yield "  with        " + ", ".join(str(duty) for duty in decision.obligations)
    yield from _column("considered", (_considered_line(one, told.request) for one in told.permits))
    yield from _column("stopped by", (_considered_line(one, told.request) for one in told.stops))
    yield from _column("you could", (f"{alternative_words(one)}  {_cited(one)}" for one in told.alternatives))


def _question(request: Request) -> str:
    parts = [("to", request.recipient), ("from", request.source), ("via", request.channel)]
    purpose = f"other.{request.other}" if request.other else request.purpose
    said = "".join(f" {lead} {word}" for lead, word in [*parts, ("for", purpose)] if word)
    words = ", ".join(one.word for one in request.items)
    return f"{request.actor or 'nobody'} ({request.company or 'no company'}) {request.action} {{{words}}}{said}"


def _considered_line(one: Considered, request: Request) -> str:
    why = considered_words(one, request) or ("holds" if one.rule.kind.value == "permit" else "forbids it")
    return f"{one.rule.section:<6} {one.word}: {why}"


def _cited(one: Alternative) -> str:
    return f"[{', '.join(one.decision.clauses)}]"


def _column(title: str, lines: Iterable[str]) -> Iterator[str]:
    for lead, line in zip(_leads(title), lines, strict=False):
        yield f"  {lead:<12}{line}"


def _leads(title: str) -> Iterator[str]:
    yield title
    while True:
        yield ""
