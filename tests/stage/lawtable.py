"""The tables of `docs/reference/law.md`, made from the recorded law. Run it to print them."""

from amanat.vocabulary.law import EEA
from amanat.vocabulary.lawpacks import AGES, CLOCKS, Value, recorded, title, values

COLUMNS = {
    "access": "access", "correct": "correct", "erase": "erase", "authority": "breach → authority",
    "people": "breach → people", "route": "transfer", "child_age": "child age",
}  # fmt: skip
_REST = [topic for topic in (*CLOCKS, *AGES, "adequate", "localisation") if topic not in COLUMNS]


def packs_table() -> str:
    """One pack a row; what has no column of its own stands in the last one."""
    packs = dict.fromkeys(value.pack for value in recorded() if value.topic == "law")
    head = ["pack", "law", *COLUMNS.values(), "more"]
    return "\n".join([_row(head), _row(["---"] * len(head)), *(_row(_pack(pack)) for pack in packs)])


def ages_table() -> str:
    """The child age of each member of the European Economic Area."""
    rows = [_row([country, _cell(country, "child_age") or "none recorded"]) for country in sorted(EEA)]
    return "\n".join([_row(["country", "child age"]), _row(["---", "---"]), *rows])


def _pack(pack: str) -> list[str]:
    more = "; ".join(f"{topic} {_cell(pack, topic)}" for topic in _REST if values(pack, topic))
    (law,) = values(pack, "law")
    return [pack, _said(law).replace(law.text, title(pack), 1), *(_cell(pack, topic) for topic in COLUMNS), more]


def _cell(pack: str, topic: str) -> str:
    return ", ".join(_said(value) for value in values(pack, topic))


def _said(value: Value) -> str:
    remarks = [one for one in (value.note, f"from {value.since}" if value.since else "") if one]
    unknown = value.text == value.status.mark  # nothing known says so once
    return (value.text if unknown else f"{value.text} {value.status.mark}") + (
        f" ({'; '.join(remarks)})" if remarks else ""
    )


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    print(packs_table(), ages_table(), sep="\n\n")  # noqa: T201  # the author of the page copies it
