"""Why data may go from one country to another in the demo: adequacy, the group's rules, or clauses signed for it.

Left open on purpose: nothing carries data to the company in the United Arab Emirates or to the supplier in India, so
that a refusal for want of a tool can be seen.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import permutations
from typing import Final

from amanat.demo.parts import GroupCompany, Provider, TransferTool

WITHOUT_TOOL: Final = frozenset({"ama-ae", "lotus-road-transfers"})

# Decisions on adequacy among the countries of this world: from, to, in force since.
_ADEQUATE: Final = (
    (("FR", "DE", "BG", "GR"), ("CH", "GB", "JP", "IL", "KR"), date(2021, 12, 17)),
    (("CH",), ("FR", "DE", "BG", "GR", "GB", "IL"), date(2023, 9, 1)),
    (("GB",), ("FR", "DE", "BG", "GR", "CH", "IL", "KR"), date(2022, 12, 19)),
)
_ONE_AREA: Final = frozenset({"FR", "DE", "BG", "GR"})


def transfer_tools(
    companies: tuple[GroupCompany, ...], providers: tuple[Provider, ...], as_of: date
) -> tuple[TransferTool, ...]:
    adequate = tuple(_adequacy())
    routes = {(tool.from_country, tool.to_country) for tool in adequate}
    country_of = {company.id: company.country for company in companies}
    clauses = (
        TransferTool("scc", country_of[origin], country, since, until, origin, party)
        for origin, party, country, since, until in _signed(companies, providers, as_of)
        if country_of[origin] != country and (country_of[origin], country) not in routes
    )
    return (*adequate, *_binding_rules(companies), *clauses)


def _adequacy() -> Iterator[TransferTool]:
    for origins, destinations, since in _ADEQUATE:
        for origin in origins:
            yield from (TransferTool("adequacy", origin, to, since) for to in destinations)
    for origin, to in permutations(sorted(_ONE_AREA), 2):
        yield TransferTool("adequacy", origin, to, date(2018, 5, 25))


def _binding_rules(companies: Iterable[GroupCompany]) -> Iterator[TransferTool]:
    """Between any two companies that have both bound themselves, from the later of the two days."""
    for origin, to in permutations(companies, 2):
        if origin.country != to.country and origin.bcr_since and to.bcr_since:
            since = max(origin.bcr_since, to.bcr_since)
            yield TransferTool("bcr", origin.country, to.country, since, None, origin.id, to.id)


def _signed(
    companies: tuple[GroupCompany, ...], providers: tuple[Provider, ...], as_of: date
) -> Iterator[tuple[str, str, str, date, date]]:
    """Standard clauses: company, party, its country, from, until. The one with the Emirates has run out."""
    since, until = as_of - timedelta(days=700), as_of + timedelta(days=395)
    for origin, to in permutations(companies, 2):
        if (origin.bcr_since is None or to.bcr_since is None) and WITHOUT_TOOL.isdisjoint({origin.id, to.id}):
            yield origin.id, to.id, to.country, since, until
    yield "ama-gb", "ama-ae", "AE", since, as_of - timedelta(days=30)
    for provider in providers:
        if provider.id not in WITHOUT_TOOL:
            for agreement in provider.agreements:
                yield agreement.company, provider.id, provider.country, since, until
