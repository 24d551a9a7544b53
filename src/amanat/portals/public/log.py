"""Each company's log, for witnesses and anybody who wants to keep a copy: read-only, at the paths of C2SP tlog-tiles.

`/ledger/<company>/` is the prefix of one log. It holds hashes and signatures and no personal data; answers carry no
cookie and read none. What never changes says so, and any cache may keep it.
"""

import re
from typing import Final

from django.http import HttpResponse
from django.urls import register_converter

from amanat.ledger import serving
from amanat.merkle.tiles import TILE_WIDTH
from amanat.portals.routes import PortalRequest
from amanat.publication.logkeys import keys_of_logs, keys_of_witnesses

_FOR_EVER: Final = "public, max-age=31536000, immutable"
_BRIEFLY: Final = "public, max-age=2"
_NUMBER: Final = re.compile(r"((?:x[0-9]{3}/){0,3})([0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")
_PATH: Final = r"(?:x[0-9]{3}/){0,3}[0-9]{3}(?:\.p/[1-9][0-9]{0,2})?"


class TilePath:
    """`x001/x234/067` or `000.p/112` in an address: which tile, and how many hashes of it."""

    regex = _PATH

    def to_python(self, value: str) -> tuple[int, int]:
        """Raises `ValueError`, which is *not found*, for a second spelling of a number or a width."""
        found = _NUMBER.fullmatch(value)
        if found is None or found[1].startswith("x000/"):
            raise ValueError
        number = int(found[1].replace("x", "").replace("/", "") + found[2])
        width = int(found[3] or TILE_WIDTH)
        if found[3] and width >= TILE_WIDTH:
            raise ValueError
        return number, width

    def to_url(self, value: str) -> str:
        return value


register_converter(TilePath, "tile")


def checkpoint(_request: PortalRequest, company: str) -> HttpResponse:
    return _answer(serving.newest_head(company).encode(), "text/plain; charset=utf-8", _BRIEFLY)


def tile(_request: PortalRequest, company: str, level: int, place: tuple[int, int]) -> HttpResponse:
    return _answer(serving.tile(company, level, *place), "application/octet-stream", _FOR_EVER)


def entries(_request: PortalRequest, company: str, place: tuple[int, int]) -> HttpResponse:
    return _answer(serving.bundle(company, *place), "application/octet-stream", _FOR_EVER)


def keys(_request: PortalRequest) -> HttpResponse:
    """The public key of each log, then of each witness: what `amanat verify --key` reads."""
    lines = [*keys_of_logs().values(), *keys_of_witnesses()]
    return _answer("".join(f"{line}\n" for line in lines).encode(), "text/plain; charset=utf-8", "no-cache")


def _answer(content: bytes, kind: str, keep: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": keep})
