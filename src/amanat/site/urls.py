"""The addresses of the site, made from the route table alone."""

from amanat.portals.table import TABLE, url_patterns

urlpatterns = url_patterns(TABLE)

handler400 = "amanat.portals.problems.bad_request"
handler403 = "amanat.portals.problems.csrf_refused"
handler404 = "amanat.portals.problems.not_found"
handler500 = "amanat.portals.problems.server_error"
