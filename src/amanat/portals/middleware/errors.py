"""Turns every error of a view into its page, before Django would log it with its values."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from amanat.portals import problems


class ErrorPages:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse:
        return problems.answer(request, exception)
