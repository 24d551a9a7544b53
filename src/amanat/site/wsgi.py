"""The application that the web server's threads call, with database connections pooled among them.

A full pool makes a request wait for at most five seconds and then fail, so a flood cannot open connections
without end.
"""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amanat.site.settings")
settings.DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 8, "timeout": 5}
application = get_wsgi_application()
