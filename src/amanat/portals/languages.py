"""The languages of the portals, and the switch between them.

The switch is a plain link, so that it works without JavaScript, on error pages, and without handing a visitor a
token cookie first. It keeps one essential first-party cookie that holds a language code and nothing else.
"""

from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

LANGUAGES: Final = (("en", "English"), ("fr", "Français"), ("ar", "العربية"))
LANGUAGE_COOKIE: Final = "amanat-language"
LANGUAGE_COOKIE_SECONDS: Final = 365 * 24 * 3600

_CODES = frozenset(code for code, _ in LANGUAGES)
# A page elsewhere that embeds our link may not change the reader's language; a browser too old to say may.
_OWN_NAVIGATION = frozenset({"same-origin", "none", ""})


@require_safe
def switch_language(request: HttpRequest, code: str) -> HttpResponse:
    """Remember the language and return to the page that was left (`?next=/path/`)."""
    if code not in _CODES:
        return HttpResponseNotFound()
    response = HttpResponseRedirect(_return_path(request))
    if request.headers.get("Sec-Fetch-Site", "") in _OWN_NAVIGATION:
        response.set_cookie(
            LANGUAGE_COOKIE, code, max_age=LANGUAGE_COOKIE_SECONDS,
            secure=request.is_secure(), httponly=True, samesite="Lax",
        )  # fmt: skip
    return response


def _return_path(request: HttpRequest) -> str:
    wish = request.GET.get("next", "/")
    own = wish.startswith("/") and url_has_allowed_host_and_scheme(wish, allowed_hosts=None)
    return wish if own else "/"
