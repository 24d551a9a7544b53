"""Django's settings: one program, configured by few environment variables, safe when none is set.

Django defaults that would put personal data somewhere in clear are changed here, each with its reason.
The list of variables is in docs/reference/settings.md.
"""

import os
import secrets
from typing import Any

from csp.constants import NONE, SELF

from amanat.database.home import find_home
from amanat.database.logins import django_settings
from amanat.portals import folders, languages

HOME = find_home()

DEBUG = False
# Before `amanat database prepare` there is no key yet; `amanat serve` refuses to start then (`amanat.database.check`).
SECRET_KEY = HOME.read_secret_key() or secrets.token_urlsafe(64)

ROOT_URLCONF = "amanat.site.urls"
WSGI_APPLICATION = "amanat.site.wsgi.application"
ALLOWED_HOSTS = [host for host in os.environ.get("AMANAT_HOSTS", "localhost").split(",") if host]

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "amanat.keys",
    "amanat.vault",
    "amanat.quarantine",
    "amanat.ledger",
    "amanat.accounts",
    "amanat.people",
    "amanat.organisations",
    "amanat.mandates",
    "amanat.choices",
    "amanat.custody",
    "amanat.emergency",
    "amanat.rosters",
    "amanat.statistics",
    "amanat.oversight",
    "amanat.retention",
    "amanat.cases",
    "amanat.rights",
    "amanat.audits",
    "amanat.publication",
    "amanat.worker",
    "amanat.portals",
]

AUTH_USER_MODEL = "accounts.Account"
PASSWORD_HASHERS = ["amanat.accounts.hasher.Argon2Hasher"]

# Outermost first: an answer made by any of them still passes those above it.
MIDDLEWARE = [
    "amanat.portals.middleware.headers.Headers",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "amanat.portals.middleware.transport.Transport",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "amanat.portals.middleware.errors.ErrorPages",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [*folders.TEMPLATES],
        "OPTIONS": {
            "environment": "amanat.portals.jinja.environment",
            "context_processors": ["amanat.portals.frame.frame"],
        },
    },
]

# Database. One durable transaction a request, opened by custody: a wrapping one would make record-before-reveal void.
DATABASES = {"default": django_settings(home=HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Languages and time.
LANGUAGE_CODE = "en"
LANGUAGES = list(languages.LANGUAGES)
LANGUAGE_COOKIE_NAME = languages.LANGUAGE_COOKIE
LOCALE_PATHS = [folders.LOCALES]
USE_TZ = True
TIME_ZONE = "UTC"

# Static files are served from where they lie: no build step and no second copy.
STATIC_URL = "/static/"
STATICFILES_DIRS = [folders.STATIC]
WHITENOISE_USE_FINDERS = True

# Uploads stay in memory under a cap: the default spools files over 2.5 MB to disk in clear.
FILE_UPLOAD_HANDLERS = ["amanat.portals.middleware.uploads.CappedMemoryUpload"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# Cookies and headers.
CSRF_COOKIE_NAME = "__Host-amanat-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "amanat.portals.problems.csrf_refused"
# Only who says that a proxy of theirs stands in front may have that proxy's word on https believed.
if os.environ.get("AMANAT_PROXY") == "https":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# Not "no-referrer": browsers then send `Origin: null` with our own forms, and the origin check refuses them.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

# No logger of Django prints a request body or an exception's values: the default mails them to administrators.
# `amanat.portals.incidents` logs failures without their words; these two would repeat addresses, hosts and messages.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "plain"},
        "silence": {"class": "logging.NullHandler"},
    },
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"handlers": ["silence"], "propagate": False},
        "django.security": {"handlers": ["silence"], "propagate": False},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
