"""The addresses of the site. Every audience has its own space, declared in its portal's route table."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
