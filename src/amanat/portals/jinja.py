"""The Jinja2 environment of all pages, made for Django's Jinja2 template backend.

Everything is escaped, a missing name is an error and not an empty place, and words come from Django's active
translation. Templates print; they hold no queries and no decisions.
"""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined

from amanat.portals import formats
from amanat.portals.frame import PLAIN
from amanat.portals.languages import LANGUAGES


def environment(**options: Any) -> Environment:
    """Build the environment from the backend's options; safety settings are ours and cannot be overridden."""
    own = {
        "autoescape": True,
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "extensions": ["jinja2.ext.i18n"],
    }
    pages = Environment(**(options | own))  # noqa: S701  # autoescape is set two lines above
    pages.policies["ext.i18n.trimmed"] = True
    _install_words(pages)
    _install_names(pages)
    return pages


def _install_words(pages: Environment) -> None:
    install = pages.install_gettext_callables  # type: ignore[attr-defined]  # added by the extension
    install(gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext)


def _install_names(pages: Environment) -> None:
    pages.globals.update(
        static=static,
        url=_url,
        lang=formats.language,
        dir=formats.direction,
        languages=LANGUAGES,
        frame=PLAIN,  # a page without a request, such as the last-resort error page
    )
    pages.filters.update(
        date=formats.format_date,
        month=formats.format_month,
        time=formats.format_time,
        moment=formats.format_moment,
        number=formats.format_number,
        percent=formats.format_percent,
        country=formats.country_name,
        listing=formats.format_list,
    )


def _url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args, kwargs=kwargs)
