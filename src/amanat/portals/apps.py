"""Has Django run the checks of the route table whenever it checks anything, start-up included."""

from django.apps import AppConfig
from django.core.checks import register


class PortalsConfig(AppConfig):
    name = "amanat.portals"

    def ready(self) -> None:
        from amanat.portals.declarations import check_portals  # noqa: PLC0415  # models are ready only now

        register(check_portals)
