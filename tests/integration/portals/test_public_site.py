"""A crawler walks the public site: no dead end, the statement one click away, the person's choices at most two."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.test import Client

from amanat.portals.routes import Audience
from amanat.portals.table import TABLE
from stage.accounts import plain_browser
from stage.databases import installed
from stage.group import Group, found_group
from stage.server import Server
from stage.statements import few_statements

START = ("/", "/statement/", "/can-they/", "/there-is-no-such-page/")
# A switch, files, and what lies behind a sign-in (the route table's own tests walk there).
BEYOND = ("/language/", "/static/", "/member/", "/desk/", "/client/", "/privacy/")
OWN = {"choices": "/member/choices/", "access": "/member/seen/", "correction": "/member/record/"}
INLINE = r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)"


def links(page: str, path: str) -> Iterator[str]:
    for address in re.findall(r'(?:<a|<form)[^>]*?\s(?:href|action)="([^"]*)"', page):
        yield urljoin(path, unescape(address))


def is_ours(address: str) -> bool:
    return not urlsplit(address).scheme


def crawl(browser: Client) -> dict[str, str]:
    """Every page that can be reached from the start pages without signing in: address → page."""
    found: dict[str, str] = {}
    waiting = list(START)
    while waiting:
        address = waiting.pop()
        if address in found or address.startswith(BEYOND):
            continue
        with few_statements():
            answer = browser.get(address)
        expected = 404 if address == START[-1] else 200
        assert answer.status_code == expected, (address, answer.status_code)
        found[address] = answer.content.decode()
        waiting += [urldefrag(link)[0] for link in links(found[address], address) if is_ours(link)]
    return found


@pytest.fixture(scope="module")
def site_map(server: Server) -> Iterator[dict[str, str]]:
    clone = server.clone()
    try:
        with installed(clone):
            found_group(clone)
            yield crawl(plain_browser())
    finally:
        server.drop(clone)


@pytest.mark.clause("10.1")
def test_every_page_that_can_be_reached_links_to_the_statement(site_map: dict[str, str]) -> None:
    pages = {address: page for address, page in site_map.items() if page}
    assert len(pages) > 200
    assert [address for address, page in pages.items() if 'href="/statement/"' not in page] == []


def test_every_declared_public_page_is_reached(site_map: dict[str, str]) -> None:
    walked = {urlsplit(address).path for address in site_map}
    plain = {f"/{route.path}" for route in TABLE if route.audience is Audience.PUBLIC and "<" not in route.path}
    for_machines = {"/health/", "/ledger/keys"}
    assert plain - walked == {"/feedback/received/", *for_machines}


@pytest.mark.clause("0.8")
def test_choices_access_and_correction_are_two_clicks_at_most_from_every_statement_page(
    site_map: dict[str, str],
) -> None:
    clicks = {at: {urldefrag(link)[0] for link in links(page, at) if is_ours(link)} for at, page in site_map.items()}
    for address in site_map:
        if address.startswith("/statement/"):
            two = clicks[address].union(*(clicks.get(link, set()) for link in clicks[address]))
            assert set(OWN.values()) <= two, address


def test_no_page_leads_behind_a_sign_in_to_nothing(site_map: dict[str, str]) -> None:
    known = {f"{route.audience.prefix}{route.path}" for route in TABLE}
    behind = {
        link for address, page in site_map.items() for link in links(page, address) if link.startswith(BEYOND[2:])
    }
    assert set(OWN.values()) <= behind <= known


def test_every_fragment_that_a_page_links_to_is_there(site_map: dict[str, str]) -> None:
    for address, page in site_map.items():
        for link in set(links(page, address)):
            target, fragment = urldefrag(link)
            if fragment and is_ours(link) and site_map.get(target):
                assert f'id="{fragment}"' in site_map[target], (address, link)


def test_no_page_holds_anything_inline(site_map: dict[str, str]) -> None:
    assert [address for address, page in site_map.items() if re.search(INLINE, page)] == []


def test_no_page_sets_a_cookie_but_the_one_with_a_form(group: Group) -> None:
    browser = plain_browser()
    for path in ("/", "/statement/", "/can-they/", "/contacts/", "/statement/words/"):
        browser.get(path)
        assert not browser.cookies, path
    browser.get("/feedback/")
    assert list(browser.cookies) == ["__Host-amanat-csrf"]
