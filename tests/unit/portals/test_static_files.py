"""The static files: small, by noun, vendored with a known hash, and no colour outside the tokens."""

import hashlib
import re

import pytest

from amanat.portals.folders import STATIC, TEMPLATES

FOLDER = STATIC / "amanat"
STYLES = sorted(FOLDER.glob("*.css"))


def test_the_styles_are_under_forty_kilobytes() -> None:
    assert {file.stem for file in STYLES} == {"tokens", "base", "layout", "components", "statement", "choices", "print"}
    assert sum(file.stat().st_size for file in STYLES) < 40_000


@pytest.mark.parametrize("name", ["base", "layout", "components", "statement", "choices"])
def test_only_the_tokens_hold_colours(name: str) -> None:
    text = (FOLDER / f"{name}.css").read_text(encoding="utf-8")
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", text)


@pytest.mark.parametrize("name", ["base", "layout", "components", "statement", "choices"])
def test_nothing_is_said_of_left_and_right(name: str) -> None:
    text = (FOLDER / f"{name}.css").read_text(encoding="utf-8")
    assert not re.findall(
        r"(?:margin|padding|border|inset)-(?:left|right)|[;{\s](?:left|right):|:\s*(?:left|right);", text
    )


def test_every_token_that_is_used_is_defined() -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in STYLES)
    assert set(re.findall(r"var\((--[\w-]+)\)", text)) <= set(re.findall(r"(--[\w-]+):", text))


def test_a_vendored_file_is_the_one_we_say_it_is() -> None:
    listed = re.findall(r"`([\w.-]+\.js)` .* `([0-9a-f]{64})`", (FOLDER / "README.md").read_text(encoding="utf-8"))
    assert listed
    for name, digest in listed:
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest


def test_every_icon_that_a_template_names_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (FOLDER / "icons.svg").read_text(encoding="utf-8")))
    text = "".join(file.read_text(encoding="utf-8") for folder in TEMPLATES for file in folder.rglob("*.html"))
    named = set(re.findall(r'(?:icon\(|icon_name=|problem_icon = )"([\w-]+)"', text))
    assert named <= drawn
