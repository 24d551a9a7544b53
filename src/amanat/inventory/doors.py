"""Does code reach personal data? Found by walking from function to function, so that nobody has to say so.

The walk follows names: of functions, of modules and what is taken from them, of imports inside a function. It does not
see what is called through a table or a value, and takes more than is really called: a finding asks for a declaration,
and a declaration too many does no harm.
"""

import importlib
import inspect
from collections.abc import Callable, Iterator, Mapping
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final

_HOUSE: Final = "amanat."
# Where personal data is decided on, opened and sealed.
_DOORS: Final = frozenset({
    ("amanat.custody.unit", "unit"), ("amanat.custody.unit", "Unit"), ("amanat.custody.sweep", "enrol_people"),
})  # fmt: skip
_VAULT: Final = "amanat.vault."


def opens_custody(start: Callable[..., Any]) -> bool:
    """Whether a call of `start` can come to one of the doors."""
    return reaches(start, _is_door)


def reaches(start: Callable[..., Any], wanted: Callable[[Any], bool]) -> bool:
    """Whether a call of `start` can come to something `wanted`."""
    waiting: list[Any] = [start]
    seen: set[int] = set()
    while waiting:
        found = inspect.unwrap(waiting.pop())
        if id(found) in seen or not str(getattr(found, "__module__", "")).startswith(_HOUSE):
            continue
        seen.add(id(found))
        if wanted(found):
            return True
        waiting += _called_by(found)
    return False


def _is_door(found: Any) -> bool:
    return (found.__module__, getattr(found, "__name__", "")) in _DOORS or found.__module__.startswith(_VAULT)


def _called_by(found: Any) -> Iterator[Any]:
    """Whatever is named by a function's code, or by the methods of a class."""
    if isinstance(found, type):
        for part in vars(found).values():
            function = getattr(part, "__func__", None) or getattr(part, "fget", None) or part
            if isinstance(function, FunctionType):
                yield function
    elif isinstance(found, FunctionType):
        names = {name for code in _codes(found.__code__) for name in code.co_names}
        for name in names:
            yield from _named(name, names, found.__globals__)


def _named(name: str, names: set[str], known: Mapping[str, Any]) -> Iterator[Any]:
    """What a name stands for; of a module, everything in it that the same code names."""
    value = importlib.import_module(name) if name.startswith(_HOUSE) else known.get(name)
    if isinstance(value, ModuleType):
        below = [vars(value).get(word) for word in names]
        found = [*below, *(vars(one).get(word) for one in below if isinstance(one, ModuleType) for word in names)]
        yield from (one for one in found if callable(one))
    elif callable(value):
        yield value


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)
