"""For Python developers: a function that says what it does with personal data, and runs only when a clause permits it.

    @governed(action="use", data=["itinerary"], purpose="travel_information")
    def advise(decision: Decision, place: str) -> str: ...

    advise({"actor": "assistance_coordinator", "company": "CH", "subject": {...}, "facts": {...}}, "Lagos")

What no clause could ever permit is an error where the function is defined, so it fails the build and not a person.
Each call is decided anew from the claims that the caller brings; the function is given the decision, with the clauses
it rests on and the obligations that come with it. Nothing here opens or keeps data: that stays with the caller.
"""

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Concatenate, Generic, ParamSpec, TypedDict, TypeVar

from amanat.errors import AmanatError, Kind, MalformedError
from amanat.policy.decider import Decider
from amanat.policy.decision import Decision, Outcome
from amanat.policy.possible import could_permit, purposes_that_could
from amanat.policy.request import item
from amanat.policy.wire import RequestError, read_request
from amanat.statement.compile import Statement, load_statement
from amanat.vocabulary.needs import Need, faults_of

P = ParamSpec("P")
R = TypeVar("R")


class Claims(TypedDict, total=False):
    """What the caller of a governed function says: the request of `docs/reference/decide.md` without what it declares.

    An absent key takes its protective value.
    """

    actor: str
    company: str
    subject: Mapping[str, Any]
    recipient: str
    recipient_country: str
    source: str
    channel: str
    host: str
    contexts: list[str]
    facts: Mapping[str, Any]


class DeclarationError(MalformedError):
    """A function declares something that is not in the vocabulary."""


class NeverPermittedError(MalformedError):
    """No clause of the statement could ever permit what a function declares."""


class RefusedError(AmanatError):
    """The statement does not permit this call. `decision` has the clauses and what would unlock it."""

    kind = Kind.REFUSED

    def __init__(self, need: Need, decision: Decision) -> None:
        self.need, self.decision = need, decision
        told = f"{need}: {decision.outcome.value} by clause {', '.join(decision.clauses)}"
        super().__init__(told, hint=f"it needs {', '.join(decision.needs)}" if decision.needs else None)


class Governed(Generic[P, R]):
    """A function behind its declaration. Called with claims, it is decided and then run with the decision.

    What it wraps may be a coroutine function or a generator: it is decided when it is called.
    """

    __name__: str
    __qualname__: str

    def __init__(self, function: Callable[Concatenate[Decision, P], R], need: Need, statement: Statement) -> None:
        self.function, self.need, self.statement = function, need, statement
        self._declared = {"action": need.action, "data": list(need.categories), "purpose": need.purpose}
        self._declared |= {key: words[0] for key, words in _fixed(need) if words}
        self._decide = Decider(statement.policy).decide
        functools.update_wrapper(self, function)

    def __call__(self, claims: Claims, /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the function if a clause permits it; else raise `RefusedError`."""
        return self.function(self.decided(claims), *args, **kwargs)

    def decided(self, claims: Claims) -> Decision:
        """The decision under which a call with these claims would run. Raises `RefusedError`."""
        repeated = sorted(self._declared.keys() & claims.keys())
        if repeated:
            raise RequestError(f"`{repeated[0]}` is declared and cannot be claimed", hint="leave it out of the claims")
        decision = self._decide(read_request({**claims, **self._declared}))
        if decision.outcome is not Outcome.PERMIT:
            raise RefusedError(self.need, decision)
        return decision


def governed(  # noqa: PLR0913  # each is a word of the declaration, given by name
    *,
    action: str,
    data: Iterable[str],
    purpose: str,
    actor: str = "",
    recipient: str = "",
    source: str = "",
    channel: str = "",
    statement: str | Statement = "ama",
) -> Callable[[Callable[Concatenate[Decision, P], R]], Governed[P, R]]:
    """Declare what a function does. Its first parameter is the decision; its callers give claims there instead.

    `data` are leaves or fields; `actor`, `recipient`, `source` and `channel`, where they are always the same, are
    declared as well and narrow what could permit it. `statement` is an installed one by name, a file by path, or a
    compiled one. Raises `NeverPermittedError` at once if no clause could permit it, and `DeclarationError` for words
    that the vocabulary does not have.
    """
    need = Need(
        action, purpose, _words(data), roles=_one(actor), recipients=_one(recipient), sources=_one(source),
        channels=_one(channel),
    )  # fmt: skip
    in_force = statement if isinstance(statement, Statement) else _load(statement)
    _require_words(need)
    require_possible(need, in_force)
    return lambda function: Governed(function, need, in_force)


def require_possible(need: Need, statement: Statement) -> None:
    """Raise `NeverPermittedError`, with what could be meant instead, if a datum of the need has no clause for it."""
    for chance in could_permit(statement.policy, need):
        if not chance.clauses:
            purposes = purposes_that_could(statement.policy, need, chance.word)
            hint = f"it could be for {' or '.join(purposes)}" if purposes else None
            what = replace(need, categories=(chance.word,))
            raise NeverPermittedError(
                f"no clause of {statement.name} {statement.version} could ever permit {what}", hint=hint
            )


def _words(data: Iterable[str]) -> tuple[str, ...]:
    if isinstance(data, str):
        raise DeclarationError(
            f"data is a list of words, not the text `{data[:60]}`", hint=f'write data=["{data[:60]}"]'
        )
    return tuple(dict.fromkeys(data))


def _one(word: str) -> tuple[str, ...]:
    return (word,) if word else ()


def _require_words(need: Need) -> None:
    """A request names leaves and fields, so a group of data, or of roles, cannot be declared."""
    if faults := list(faults_of(need)):
        raise DeclarationError(f"a governed function cannot be declared: {'; '.join(faults)}")
    try:
        read_request({key: words[0] for key, words in _fixed(need) if words})
        for word in need.categories:
            item(word)
    except MalformedError as error:
        raise DeclarationError(
            f"a governed function cannot be declared: {error.detail}", hint="name leaves, not groups of them"
        ) from None


def _fixed(need: Need) -> Iterable[tuple[str, tuple[str, ...]]]:
    """The keys of a request that may be declared for good."""
    return (
        ("actor", need.roles), ("recipient", need.recipients), ("source", need.sources), ("channel", need.channels)
    )  # fmt: skip


@functools.lru_cache(maxsize=16)
def _load(name_or_path: str) -> Statement:
    """Each statement once in a process, as it was when it was first named."""
    return load_statement(name_or_path)
