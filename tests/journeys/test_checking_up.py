"""Checking up on us: Amina checks a proof in her browser, Yvonne audits by her own dice, Dina sees what is not well."""

import base64
import contextlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from amanat.audits.evidence import check_evidence
from amanat.custody.facts import Ask, Recipient
from amanat.custody.unit import unit
from amanat.database.home import write_private_file
from amanat.ledger import incidents
from amanat.ledger.fold import fold
from amanat.ledger.incidents import Look
from amanat.ledger.offline import parse_keys
from amanat.merkle.checkpoint import Checkpoint, sign_checkpoint
from amanat.merkle.note import Signer
from amanat.merkle.receipt import Receipt, write_receipt
from amanat.merkle.tree import inclusion_proof, leaf_hash, reader_over, root_at
from amanat.vocabulary import clock
from stage.accounts import PASSWORD, Holder, make_key
from stage.browser import OpenWindow
from stage.databases import acting_as
from stage.group import Group, hire
from stage.looks import LOOKS, look
from stage.member import member_account
from stage.site import Site

pytestmark = pytest.mark.journey
CARD = Ask("view", ("name", "birth_year", "cover_status"), "eligibility")
REPORT = Ask("view", ("report",), "treatment")
Cookies = list[dict[str, object]]


@pytest.fixture(scope="module")
def acts(site: Site, town: Group) -> list[UUID]:
    """A look, a refused look, something told to the employer, and a look at two; all sealed into the log."""
    make_key(site.clone)
    told = Ask("disclose", ("name",), "eligibility", recipient=Recipient("employer", "oryx-energy"))
    made = []
    for ask, people in (
        (CARD, [town.amina]),
        (REPORT, [town.amina]),
        (told, [town.amina]),
        (CARD, [town.amina, town.mallory]),
    ):
        with unit(town.actor("basil"), ask.purpose) as one:
            made.append(one.ask(ask, people).act)
    _seal(site)
    return made


def _seal(site: Site) -> None:
    with acting_as(site.clone, "worker"):
        fold("ama-ch")


@pytest.fixture(scope="module")
def amina(town: Group, acts: list[UUID]) -> Holder:
    return member_account(town.amina)


@pytest.fixture(scope="module")
def yvonne(site: Site, acts: list[UUID]) -> Holder:
    return hire(site.clone, "yvonne", "audit", "auditor")


@pytest.fixture(scope="module")
def dina(site: Site, acts: list[UUID]) -> Holder:
    return hire(site.clone, "dina", "privacy", "privacy_officer")


@pytest.fixture(scope="module")
def kept() -> dict[str, Cookies]:
    """A code works once, so the windows of this module share one sign-in a person."""
    return {}


def signed_in(page: Page, site: Site, holder: Holder, kept: dict[str, Cookies]) -> Page:
    cookies = kept.setdefault(holder.email, [])
    if not cookies:
        page.goto(site.at(f"/{holder.audience}/"))
        page.get_by_label("E-mail address").fill(holder.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_label("Sign-in code").fill(holder.code)
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(site.at(f"/{holder.audience}/"))
        cookies += page.context.cookies()  # type: ignore[arg-type]
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    return page


def pictures(page: Page, name: str) -> None:
    for width, light in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=light)
        look(page, f"{name}-{width}-{light}")
    page.set_viewport_size({"width": 1440, "height": 900})


@contextlib.contextmanager
def changed(site: Site, act: UUID) -> Iterator[None]:
    """Somebody with the owner's password makes a refusal look like a permit, and puts it back."""
    with contextlib.closing(site.clone.connect("owner")) as owner:
        owner.execute("UPDATE ledger_entry SET outcome = 'permit' WHERE act = %s", (act,))
        yield
        owner.execute("UPDATE ledger_entry SET outcome = 'deny' WHERE act = %s", (act,))


def test_amina_checks_a_proof_in_her_own_browser(
    site: Site, amina: Holder, acts: list[UUID], kept: dict[str, Cookies], open_window: OpenWindow, tmp_path: Path
) -> None:
    page = signed_in(open_window(), site, amina, kept)
    page.goto(site.at("/member/seen/"))
    page.locator(f"a[href*='{acts[1]}']").click()
    page.get_by_role("link", name="Check it now").click()
    expect(page.locator("[data-check]")).to_have_attribute("data-done", "sound")
    expect(page.get_by_text("Checked in this browser, with its own cryptography")).to_be_visible()
    expect(page.get_by_text("Checked on our server.")).to_be_hidden()
    pictures(page, "member/check-sound")
    with page.expect_download() as proof:
        page.get_by_role("link", name="Keep the proof").click()
    genuine = Path(proof.value.path()).read_text(encoding="utf-8")
    for kind, text in _damaged(genuine).items():
        file = tmp_path / f"{kind}.tlog-proof"
        file.write_text(text, encoding="utf-8")
        page.get_by_label("Check a file that you kept").set_input_files(file)
        expect(page.locator("[data-check]")).to_have_attribute("data-done", kind)
        expect(page.locator(".notice-danger:visible")).to_have_count(0 if kind == "sound" else 1)
    expect(page.get_by_text("Your file, checked in this browser. It was not sent to us.")).to_be_visible()
    page.goto(site.at(f"/member/seen/{acts[0]}/check/"))
    page.get_by_label("Check a file that you kept").set_input_files(tmp_path / "sound.tlog-proof")
    expect(page.locator("[data-check]")).to_have_attribute("data-done", "other")
    pictures(page, "member/check-other")


def _damaged(genuine: str) -> dict[str, str]:
    """A proof broken in each way that there is a word for; the whole one first and last."""
    head, note, signatures = genuine.split("\n\n")
    lines = head.split("\n")
    swapped = [*lines[:3], *reversed(lines[3:])]
    origin, size, *root = note.split("\n")
    return {
        "form": genuine[: len(genuine) // 2].partition("\n\n")[0],
        "signature": "\n\n".join([head, "\n".join([origin, str(int(size) + 1), *root]), signatures]),
        "path": "\n\n".join(["\n".join(swapped), note, signatures]),
        "sound": genuine,
    }


def test_amina_is_told_when_her_entry_was_changed(
    site: Site, amina: Holder, acts: list[UUID], kept: dict[str, Cookies], open_window: OpenWindow
) -> None:
    page = signed_in(open_window(), site, amina, kept)
    with changed(site, acts[1]):
        page.goto(site.at(f"/member/seen/{acts[1]}/check/"))
        expect(page.locator(".notice-danger:visible")).to_contain_text("The entry was changed")
        pictures(page, "member/check-changed")


_CHECK_ALL = """async ([proofs, key]) => {
  const { checkProof } = await import("/static/amanat/verify.js");
  const one = ([text, leaf]) => checkProof(text, key, leaf).then(() => "sound", (kind) => `${kind}`);
  return Promise.all(proofs.map(one));
}"""


def test_the_browsers_verifier_agrees_with_the_log_on_every_place_of_small_trees(
    site: Site, open_window: OpenWindow
) -> None:
    """Genuine, each of 171 proofs is sound; with a hash too few, too many, or turned, or at the next place, none is."""
    signer = Signer("amanat.example/ledger/ama-ch", bytes(range(32)))
    leaves = [bytes([1, *bytes(15), number]) + bytes(32) for number in range(18)]
    genuine, broken = [], []
    for size in range(1, len(leaves) + 1):
        read = reader_over([leaf_hash(leaf) for leaf in leaves])
        head = sign_checkpoint(Checkpoint(signer.name, size, root_at(read, size)), signer)
        for index in range(size):
            path = tuple(inclusion_proof(read, index, size))
            leaf = base64.b64encode(leaves[index]).decode()
            genuine.append((write_receipt(Receipt(index, path, head)), leaf))
            turned = tuple(bytes(255 - byte for byte in one) for one in path)
            for at, wrong in ((index, path[:-1]), (index, (*path, bytes(32))), (index, turned), (index + 1, path)):
                if (at, wrong) != (index, path):
                    broken.append((write_receipt(Receipt(at, wrong, head)), leaf))
    page = open_window()
    page.goto(site.at("/contacts/"))
    assert set(page.evaluate(_CHECK_ALL, [genuine, str(signer.verifier)])) == {"sound"}
    assert set(page.evaluate(_CHECK_ALL, [broken, str(signer.verifier)])) == {"path"}
    other = Signer("amanat.example/ledger/ama-ch", bytes(32))
    assert set(page.evaluate(_CHECK_ALL, [genuine[:5], str(other.verifier)])) == {"signature"}


def test_without_scripts_the_server_checks_and_says_that_it_did(
    site: Site, amina: Holder, acts: list[UUID], kept: dict[str, Cookies], open_window: OpenWindow
) -> None:
    signed_in(open_window(), site, amina, kept)
    page = signed_in(open_window(scripts=False), site, amina, kept)
    page.goto(site.at(f"/member/seen/{acts[0]}/check/"))
    expect(page.get_by_text("The proof holds")).to_be_visible()
    expect(page.get_by_text("Checked on our server.")).to_be_visible()
    expect(page.get_by_label("Check a file that you kept")).to_be_hidden()


def test_yvonne_draws_by_her_own_dice_decides_again_and_takes_the_evidence_away(
    site: Site, yvonne: Holder, town: Group, acts: list[UUID], kept: dict[str, Cookies], open_window: OpenWindow
) -> None:
    page = signed_in(open_window(), site, yvonne, kept)
    page.goto(site.at("/audit/"))
    expect(page.get_by_text("This room closes by itself")).to_be_visible()
    page.get_by_role("button", name="Draw").click()
    expect(page.get_by_role("alert")).to_contain_text("Give a seed")
    pictures(page, "audit/home-refused")
    _seal(site)
    page.get_by_label("Seed").fill("6 1 4 4 2")
    page.get_by_role("button", name="Draw").click()
    expect(page.get_by_text("it came out the same")).to_be_visible()
    assert "Amina" not in page.content()
    pictures(page, "audit/sample")
    with page.expect_download() as evidence:
        page.get_by_role("link", name="Take the evidence away").click()
    text = Path(evidence.value.path()).read_text(encoding="utf-8")
    key = (site.clone.home.ledger / "ama-ch.pub").read_text(encoding="ascii")
    shown = check_evidence(text, parse_keys(key))
    assert shown.decisions >= len(acts)
    assert shown.unproven == ()
    page.goto(site.at("/audit/"))
    pictures(page, "audit/home")
    page.get_by_label("Number of the decision").fill(str(acts[3]))
    page.get_by_role("button", name="Open").click()
    for proof in page.locator("[data-check]").all():
        expect(proof).to_have_attribute("data-done", "sound")
    assert page.locator("[data-check]").count() == 2
    pictures(page, "audit/decision")
    page.get_by_role("link", name="Decide it again").click()
    expect(page.get_by_text("The same, byte for byte")).to_have_count(2)
    assert str(town.amina)[:8] not in page.content()
    pictures(page, "audit/replay")


def test_yvonne_finds_a_decision_that_was_tampered_with(
    site: Site, yvonne: Holder, acts: list[UUID], kept: dict[str, Cookies], open_window: OpenWindow
) -> None:
    page = signed_in(open_window(), site, yvonne, kept)
    with changed(site, acts[1]):
        page.goto(site.at(f"/audit/decisions/{acts[1]}/"))
        expect(page.locator(".notice-danger:visible")).to_contain_text("The entry was changed")
        pictures(page, "audit/decision-changed")


def test_dina_sees_at_a_glance_what_is_not_well(
    site: Site, dina: Holder, kept: dict[str, Cookies], open_window: OpenWindow
) -> None:
    """First nobody watches and nothing was copied; then a worker has been round, and a copy was made."""
    page = signed_in(open_window(), site, dina, kept)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Health").click()
    expect(page.locator(".notice-danger")).to_contain_text("Something is not well")
    expect(page.locator("[data-side=watch]")).to_have_attribute("data-well", "no")
    pictures(page, "privacy/health-red")
    write_private_file(site.clone.home.folder / "last_copy", clock.now().isoformat() + "\n")
    with acting_as(site.clone, "worker"):
        incidents.note_look(Look(clock.now(), 0.1, 0, clock.now() + timedelta(seconds=20)))
    _seal(site)
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_role("status")).to_contain_text("All is well")
    pictures(page, "privacy/health")
