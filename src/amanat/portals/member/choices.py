"""My choices: the board of all of them, what a change would do, the change, and what came of it."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amanat.choices.models import State
from amanat.custody.answers import AlreadyAnsweredError
from amanat.custody.choosing import Asked
from amanat.errors import MalformedError
from amanat.portals.form_key import key_of, new_key
from amanat.portals.member import choice_words, foretold
from amanat.portals.routes import PortalRequest
from amanat.rights import service
from amanat.rights.meaning import GROUPS
from amanat.rights.preview import stays_of
from amanat.rights.service import Board, Foretold, Standing
from amanat.vocabulary.choices import ChoiceKind

_STATES = {"give": State.GIVEN, "withdraw": State.WITHDRAWN}


def board(request: PortalRequest) -> HttpResponse:
    found = service.board_of(request.actor)
    titles = choice_words.group_titles()
    groups = [(group, *titles[group], [_row(one, found) for one in found.of(group)]) for group in GROUPS]
    facts = {"groups": [one for one in groups if one[3]], "asked": [_row(one, found) for one in found.asked]}
    return render(request, "member/choices/board.html", facts)


def _row(standing: Standing, found: Board) -> dict[str, object]:
    option = standing.option
    return {
        "standing": standing,
        "title": choice_words.title(option, found.names),
        "means": choice_words.means(option),
        "state": _state(standing),
        "clause": option.meaning.clause,
    }


def _state(standing: Standing) -> str:
    if standing.in_force:
        return _("In force") if standing.option.forbids else _("You agreed")
    if standing.state == State.WITHDRAWN:
        return _("Lifted") if standing.option.forbids else _("Taken back")
    if standing.state == State.REFUSED:
        return _("You said no")
    return _("Not set") if standing.option.forbids else _("No yes given")


def change(request: PortalRequest, choice: str) -> HttpResponse:
    """What turning this choice round does, and the button to do it."""
    if request.method == "POST":
        return _change(request, choice)
    found = service.foretell(request.actor, choice)
    if found.standing.option.asked_beside_its_field and not found.standing.in_force:
        return HttpResponseRedirect(reverse("member:record"))
    return _ask(request, found)


def _change(request: PortalRequest, choice: str) -> HttpResponse:
    wish = _STATES.get(request.POST.get("wish", ""))
    if wish is None:
        raise MalformedError(_("It was not said whether to give or to take back."))
    if wish is State.GIVEN and request.POST.get("agree") != "yes":
        return _ask(request, service.foretell(request.actor, choice), unticked=True)
    try:
        record = str(service.change(request.actor, choice, wish, _put(wish), key_of(request)))
    except AlreadyAnsweredError as before:
        record = before.result["receipt"]
    return HttpResponseRedirect(reverse("member:receipt", kwargs={"record": record}) + "?saved=choice")


def _put(wish: State) -> service.Put:
    """The sentence as this page prints it, never as it came back from a browser."""
    sentence = choice_words.yes if wish is State.GIVEN else choice_words.no
    language = get_language() or "en"
    return lambda option, names: Asked(sentence(option, names), service.FORM_VERSION, language)


def _ask(request: PortalRequest, found: Foretold, *, unticked: bool = False) -> HttpResponse:
    standing, option, names = found.standing, found.standing.option, found.names
    withdrawing = standing.in_force
    facts = {
        "standing": standing,
        "title": choice_words.title(option, names),
        "means": choice_words.means(option),
        "state": _state(standing),
        "clause": option.meaning.clause,
        "withdrawing": withdrawing,
        "narrows": withdrawing is not option.forbids,
        "sentence": (choice_words.no if withdrawing else choice_words.yes)(option, names),
        "leaving": option.choice.kind is ChoiceKind.OPT_OUT_SERVICE and not withdrawing,
        "effects": foretold.effects(found.preview),
        "untold": foretold.tellings(found.preview.untold),
        "told": foretold.tellings(found.preview.told),
        "data": foretold.holdings(found),
        "cases": found.to_talk_about,
        "stays": [str(choice_words.STAYS[one]) for one in stays_of(option.choice.kind.value, withdrawn=withdrawing)],
        "errors": [("field-agree", _("Nothing was changed: tick the box first, or go back."))] if unticked else [],
        "form_key": new_key(),
    }
    return render(request, "member/choices/change.html", facts, status=422 if unticked else 200)
