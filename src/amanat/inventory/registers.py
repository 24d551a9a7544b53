"""What else the platform answers for by name: controls of choices, measures, evidence, and the fields of products."""

from collections.abc import Iterable, Iterator
from typing import Final
from uuid import UUID

from amanat.custody.facts import Person
from amanat.rights.options import Payer, options_of
from amanat.statement.compile import Statement
from amanat.statement.declarations import Consequence
from amanat.statement.inventory import Control, EntryPoint, Evidence, Measure, Product
from amanat.vocabulary.acts import SERVICES
from amanat.vocabulary.choices import ChoiceKind
from amanat.vocabulary.terms import CATEGORY, PROFILE

_BOARD: Final = "member:choice"
_BESIDE_ITS_FIELD: Final = "member:record"

# A measure of part 9 → the code that does it, and the test or drill that shows it.
MEASURES: Final = (
    Measure("9.1", "amanat.cli.doctor:doctor", "tests/integration/database/test_check.py"),
    Measure("9.3a", "amanat.portals.door:Door", "tests/integration/portals/test_every_route.py"),
    Measure("9.3b", "amanat.custody.unit:unit", "tests/integration/custody/test_record_before_reveal.py"),
    Measure("9.3c", "amanat.ledger.append:append", "tests/integration/ledger/test_verify.py"),
    Measure("9.3d", "amanat.database.backup:back_up", "tests/integration/database/test_backup.py"),
    Measure("9.3e", "amanat.database.rowsecurity:Grant", "tests/integration/custody/test_rows.py"),
    Measure("9.4", "amanat.portals.middleware.transport:Transport", "tests/integration/site/test_serve.py"),
)

# Evidence that a duty may name → the page on which it is seen.
EVIDENCE: Final = (
    Evidence("choice_record", "member:receipt"),
    Evidence("complaint_receipt", "public:received"),
    Evidence("contact_list", "public:contacts"),
    Evidence("review_record", "privacy:reviews"),
    Evidence("version_list", "public:versions"),
)


def controls(statement: Statement, entry_points: Iterable[EntryPoint]) -> Iterator[Control]:
    """Where each choice is made and taken back. Whatever is in force stands on the board, also what it never offers."""
    offered = {one.choice.kind: one for one in options_of(_ANYBODY, [Payer("employer", "any", "any")])}
    asks_for_more = any(act.purpose.startswith("other.") for one in entry_points for act in one.acts)
    for kind in ChoiceKind:
        option = offered.get(kind)
        given = "" if option is None else _BESIDE_ITS_FIELD if option.asked_beside_its_field else _BOARD
        asked_for = kind is not ChoiceKind.OTHER_PURPOSE or asks_for_more
        yield Control(kind.value, given, _BOARD, (_BOARD, *_told_by(statement, kind)), asked_for)


_ANYBODY: Final = Person(
    UUID(int=0), "", "", "", minor=False, choices=(), version=0, relations=(), entitled=False, mandates=()
)  # fmt: skip


def _told_by(statement: Statement, kind: ChoiceKind) -> Iterator[str]:
    """The clauses that say what becomes of the services."""
    told = (one for one in statement.declarations if isinstance(one, Consequence) and one.choice == kind.value)
    yield from dict.fromkeys(f"clause {one.section}" for one in told)


def products(entry_points: Iterable[EntryPoint]) -> Iterator[Product]:
    """The services with what they use, and each way in with what it names. A group is no field."""
    for service in SERVICES:
        yield Product(service.key, tuple(dict.fromkeys(word for use in service.uses for word in use.words)))
    for one in entry_points:
        named = dict.fromkeys(part.word for act in one.acts for part in act.data)
        fields = tuple(word for word in named if word not in CATEGORY.groups and word not in PROFILE)
        if fields:
            yield Product(one.name, fields)
