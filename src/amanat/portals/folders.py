"""Where the portals keep templates, static files and translations, for the settings to name."""

from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
AUDIENCES: Final = ("public", "member", "desk", "client", "privacy", "audit")

STATIC: Final = _HERE / "static"
LOCALES: Final = _HERE / "translations" / "locale"
TEMPLATES: Final = (_HERE / "templates", *(_HERE / audience / "templates" for audience in AUDIENCES))
