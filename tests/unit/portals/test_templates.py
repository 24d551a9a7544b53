"""What every template can rely on: escaping, loud gaps, and pages that need neither request nor database."""

import re
from pathlib import Path

import pytest
from django import forms
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from jinja2 import Environment, UndefinedError

from amanat.policy.decision import Outcome
from amanat.portals import folders
from amanat.portals.jinja import environment

SOURCES = sorted(file for folder in folders.TEMPLATES for file in folder.rglob("*.html"))
ERROR_PAGES = sorted(file.name for file in (folders.TEMPLATES[0] / "errors").glob("[!_]*.html"))
FORBIDDEN = {
    "an inline script": r"<script(?![^>]*\ssrc=)[^>]*>",
    "an inline style": r"<style|\sstyle\s*=",
    "an inline handler": r"\son[a-z]+\s*=|\shx-on|javascript:",
    "an address elsewhere": r"(?:src|href|action)=\"(?:https?:)?//",
    "unescaped text": r"\|\s*safe\b|autoescape\s+false",
}


@pytest.fixture(scope="module")
def pages() -> Environment:
    backend = engines["jinja2"]
    assert isinstance(backend, Jinja2)
    return backend.env


def _call(pages: Environment, file: str, macro: str, *values: object, **named: object) -> str:
    return str(getattr(pages.get_template(f"components/{file}.html").module, macro)(*values, **named))


@pytest.mark.parametrize("what", FORBIDDEN)
@pytest.mark.parametrize("source", SOURCES, ids=lambda file: file.stem)
def test_no_template_holds(source: Path, what: str) -> None:
    assert not re.search(FORBIDDEN[what], source.read_text(encoding="utf-8"), re.IGNORECASE)


@pytest.mark.parametrize("source", SOURCES, ids=lambda file: file.stem)
def test_every_template_parses(pages: Environment, source: Path) -> None:
    pages.parse(source.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", ERROR_PAGES)
def test_an_error_page_needs_no_request(page: str) -> None:
    assert "<h1>" in engines["jinja2"].get_template(f"errors/{page}").render()


@pytest.mark.parametrize("page", ERROR_PAGES)
@pytest.mark.clause("10.1", "10.2")
def test_the_footer_of_every_page_leads_to_the_statement_feedback_and_contacts(page: str) -> None:
    html = engines["jinja2"].get_template(f"errors/{page}").render()
    for address in ("/statement/", "/feedback/", "/contacts/", "/language/fr/?next=/"):
        assert f'href="{address}"' in html


def test_a_missing_name_is_an_error_and_not_an_empty_place(pages: Environment) -> None:
    with pytest.raises(UndefinedError):
        pages.from_string("{{ nobody }}").render()


def test_safety_settings_cannot_be_turned_off() -> None:
    assert environment(autoescape=False).from_string("{{ x }}").render(x="<b>") == "&lt;b&gt;"


def test_what_people_type_is_escaped_in_every_place_of_a_field(pages: Environment) -> None:
    evil = '"><script>'
    html = _call(pages, "forms", "field", evil, evil, evil, evil, evil, id=evil)
    assert "<script>" not in html


def test_a_password_is_never_sent_back(pages: Environment) -> None:
    assert "hunter2" not in _call(pages, "forms", "field", "p", "Password", "hunter2", type="password")


@pytest.mark.parametrize("outcome", [*(outcome.value for outcome in Outcome), "partly"])
def test_every_outcome_has_a_word_and_a_drawing(pages: Environment, outcome: str) -> None:
    html = _call(pages, "decisions", "badge", outcome)
    assert f"icons.svg#{outcome}" in html
    assert f'id="{outcome}"' in (folders.STATIC / "amanat" / "icons.svg").read_text(encoding="utf-8")
    assert re.sub(r"<[^>]+>", "", html).strip()


def test_a_clause_that_was_made_stricter_is_named_in_words_and_leads_to_what_is_published(pages: Environment) -> None:
    html = _call(pages, "decisions", "clause", "policy:data-protection/8.6")
    assert 'href="/statement/#c-8.6"' in html
    assert re.sub(r"<[^>]+>", "", html) == "§ 8.6 · house policy: data protection"
    assert re.sub(r"<[^>]+>", "", _call(pages, "decisions", "clause", "6.1b")) == "§ 6.1b"


def test_a_suppressed_count_is_not_in_the_page(pages: Environment) -> None:
    html = _call(pages, "records", "counts", "Travellers", ["Country", "2026-10"], [("France", [None])])
    assert "fewer than 10" in html


def test_an_opt_in_box_is_empty_until_the_person_ticks_it(pages: Environment) -> None:
    row = {"name": "hospital", "label": "Hospitals", "explanation": "…", "clause": "8.4"}
    assert " checked" not in _call(pages, "forms", "opt_in", "May we?", "Because", [row])
    assert " checked" in _call(pages, "forms", "opt_in", "May we?", "Because", [row | {"checked": True}])


class EveryKind(forms.Form):
    """One field of each kind that `bound` knows."""

    email = forms.EmailField(help_text="as on your card")
    note = forms.CharField(widget=forms.Textarea, required=False)
    country = forms.ChoiceField(choices=[("fr", "France"), ("sg", "Singapore")])
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    topics = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple)
    agree = forms.BooleanField()
    roster = forms.FileField(widget=forms.FileInput(attrs={"accept": ".csv"}))


def test_a_bound_field_keeps_what_was_typed_and_says_what_is_wrong(pages: Environment) -> None:
    form = EveryKind({"email": "amina.@", "note": "<i>", "country": "sg", "kind": "b", "topics": ["a"]})
    html = {name: _call(pages, "forms", "bound", form[name]) for name in form.fields}
    assert 'value="amina.@"' in html["email"]
    assert 'aria-describedby="id_email-hint id_email-error"' in html["email"]
    assert "&lt;i&gt;</textarea>" in html["note"]
    assert "(optional)" in html["note"]
    assert '<option value="sg" selected>' in html["country"]
    assert 'value="b" checked' in html["kind"]
    assert html["topics"].count(" checked") == 1
    assert " checked" not in html["agree"]
    assert "This field is required" in html["agree"]
    assert 'accept=".csv"' in html["roster"]
