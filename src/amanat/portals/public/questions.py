"""The box "Can they …?": a visitor picks who, what, which data and what for, and reads what the statement says."""

from django.http import HttpResponse
from django.shortcuts import render

from amanat.errors import MalformedError
from amanat.portals.formats import language
from amanat.portals.routes import PortalRequest
from amanat.publication import service
from amanat.publication.prose import clause_of
from amanat.publication.reading import read_in


def can_they(request: PortalRequest) -> HttpResponse:
    """A form that is sent by GET, so that a question has an address; asking it changes nothing anywhere.

    An address can hold words that no list offers: then the form is shown again, and says which word it was.
    """
    company, version = request.GET.get("company", ""), request.GET.get("version", "")
    edition = service.edition(company, version)
    question, unknown = None, ""
    try:
        question = service.question_in(dict(request.GET.lists()))
    except MalformedError as wrong:
        unknown = str(wrong)
    answer = edition.answer(question) if question and question.data else None
    reading = read_in(language(), edition.statement, edition.named)
    facts = {
        "reading": reading,
        "clauses": [clause_of(reading.text, one.id, edition.named) for one in answer.clauses] if answer else [],
        "edition": edition, "question": question, "answer": answer, "known": service.vocabulary(reading.spoken),
        "later": edition.later(question) if question and answer else [],
        "no_data": question is not None and not question.data, "unknown": unknown,
        "kept": {"company": company, "version": version},
    }  # fmt: skip
    return render(request, "public/can_they.html", facts, status=400 if unknown else 200)
