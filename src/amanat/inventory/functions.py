"""The governed functions of Python modules. Needs neither Django nor a database."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from types import ModuleType

from amanat.errors import MalformedError
from amanat.governed import Governed
from amanat.inventory.telling import act_of
from amanat.statement.inventory import EntryPoint


class ModuleError(MalformedError):
    """That module cannot be read."""


def functions_of(names: Iterable[str]) -> list[EntryPoint]:
    """The governed functions of the named modules and of the modules below them.

    A module that raises while it is imported, as it does where no clause could permit a declaration, is an entry of its
    own with the fault.
    """
    return [one for name in dict.fromkeys(names) for one in _functions_in(name)]


def _functions_in(name: str) -> Iterator[EntryPoint]:
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise ModuleError(f"there is no module `{error.name}`", hint="is it installed, or on PYTHONPATH?") from None
    except MalformedError as error:
        yield EntryPoint("function", name, name, fault=str(error))
        return
    yield from _told(module)
    for below in pkgutil.iter_modules(getattr(module, "__path__", ()), f"{name}."):
        yield from _functions_in(below.name)


def _told(module: ModuleType) -> Iterator[EntryPoint]:
    """Those defined here; one that was only imported stands where it was defined."""
    for holder in (module, *(one for one in vars(module).values() if isinstance(one, type))):
        for found in vars(holder).values():
            function = getattr(found, "__func__", found)
            if isinstance(function, Governed) and function.__module__ == module.__name__:
                place = f"{module.__name__}:{function.__qualname__}"
                yield EntryPoint("function", place, place, acts=(act_of(function.statement.policy, function.need),))
