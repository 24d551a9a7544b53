"""The inventory file: what a system says it does with personal data, in a form that the lints L10 to L14 read.

`amanat inventory` writes it for the platform and for governed functions; another system may write its own. Clauses in
it are told for readers: `statement.coverage` asks the statement at hand again.
"""

from pathlib import Path
from typing import Final, Literal

import msgspec

from amanat.errors import MalformedError
from amanat.vocabulary.needs import Need

FORMAT: Final = 1
_Words = tuple[str, ...]


class InventoryError(MalformedError):
    """The file is not an inventory."""


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Unknown keys are errors; a key that takes its default is not written."""


class Permitted(_Part, frozen=True):
    """A datum that is named, and the clauses that could permit it."""

    word: str
    clauses: _Words = ()


class Act(_Part, frozen=True):
    """One thing that an entry point does. `root` is the verb of clause 0.5; the rest as in a `Need`."""

    root: str
    action: str
    purpose: str
    data: tuple[Permitted, ...]
    roles: _Words = ()
    recipients: _Words = ()
    sources: _Words = ()
    channels: _Words = ()
    duty: str = ""

    @property
    def need(self) -> Need:
        words = tuple(one.word for one in self.data)
        return Need(
            self.action, self.purpose, words, self.roles, self.recipients, self.sources, self.channels, self.duty
        )


class EntryPoint(_Part, frozen=True):
    """One way in. `opens_custody`: its code reaches the door to personal data, whatever it declares.

    `access` says in words what a way in does that touches nobody's data; `names_nobody` that this is so although the
    door is opened. `fault` is what kept the way in from being read at all.
    """

    kind: Literal["route", "command", "duty", "function"]
    name: str
    place: str
    method: str = ""
    audience: str = ""
    access: str = ""
    opens_custody: bool = False
    names_nobody: bool = False
    acts: tuple[Act, ...] = ()
    fault: str = ""


class Control(_Part, frozen=True):
    """A choice and where a person makes it, takes it back, and reads what follows from it.

    `asked_for` is false for a choice that nothing in the system needs, so that no page offers it.
    """

    choice: str
    given: str = ""
    withdrawn: str = ""
    foretold: _Words = ()
    asked_for: bool = True


class Measure(_Part, frozen=True):
    """A measure of part 9: what does it, and what shows that it is done."""

    clause: str
    control: str = ""
    check: str = ""


class Evidence(_Part, frozen=True):
    """Where the proof that a duty names can be seen."""

    name: str
    place: str


class Product(_Part, frozen=True):
    """A service or a form, and the fields it asks for."""

    name: str
    fields: _Words


class Inventory(_Part, frozen=True):
    """All of it, with the statement it was told under."""

    format: int
    statement: str
    version: str
    digest: str
    entry_points: tuple[EntryPoint, ...] = ()
    choices: tuple[Control, ...] = ()
    measures: tuple[Measure, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    products: tuple[Product, ...] = ()


def write_inventory(inventory: Inventory) -> str:
    """Stable text: equal inventories are equal bytes."""
    return msgspec.json.format(msgspec.json.encode(inventory), indent=2).decode() + "\n"


def read_inventory(text: str) -> Inventory:
    """The inventory that `write_inventory` wrote. Raises `InventoryError`."""
    try:
        found = msgspec.json.decode(text, type=Inventory)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InventoryError(f"this is no inventory: {error}") from None
    if found.format != FORMAT:
        raise InventoryError(f"this inventory has the format {found.format}, and {FORMAT} is read here")
    return found


def load_inventory(path: Path) -> Inventory:
    try:
        return read_inventory(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InventoryError(f"{path} cannot be read: {error}") from None
