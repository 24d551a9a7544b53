"""A preview as a member reads it: services, who is told what, and what becomes of data on record.

Sets are told by as few names as cover them: "health data", and not each of its seven kinds.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from amanat.policy.consequences import CONTINUES, LESS, MORE, STARTS, STOPS, Line, Preview, Told
from amanat.portals.member import choice_words, words
from amanat.rights.service import Foretold
from amanat.vocabulary.acts import Use
from amanat.vocabulary.terms import CATEGORY, RECIPIENT, Axis


def effects(preview: Preview) -> dict[str, list[tuple[str, list[str]]]]:
    """Standing → each service with what it loses or gains."""
    return {
        standing: [(choice_words.service(line.service), _changed(line)) for line in preview.of(standing)]
        for standing in (STOPS, LESS, CONTINUES, STARTS, MORE)
    }


def _changed(line: Line) -> list[str]:
    """Which data, and to whom it went, if it went to somebody."""
    if line.standing in (STOPS, STARTS):
        return []
    return list(dict.fromkeys(_part(use, word) for use, listed in line.changed for word in listed))


def _part(use: Use, word: str) -> str:
    if not use.recipient:
        return words.data(word)
    return _("%(what)s told to %(whom)s") % {"what": words.data(word), "whom": words.recipient(_to(use))}


def _to(use: Use) -> str:
    """Who is told, by kind: our group's centres stand for the group, one hospital for the doctors near you."""
    return {"assistance_centre": "group", "hospital": "local_clinician"}.get(use.recipient, use.recipient)


def tellings(changed: Iterable[Told]) -> list[tuple[str, list[str]]]:
    """Whom the change is about, each with the data; those with the same data together. Other aims stand last."""
    of: dict[tuple[str, str], set[str]] = {}
    for recipient, leaf, aim in changed:
        of.setdefault((aim, recipient), set()).add(leaf)
    alike: dict[tuple[str, frozenset[str]], list[str]] = {}
    for (aim, recipient), leaves in sorted(of.items(), key=lambda one: (one[0][0], RECIPIENT.bit[one[0][1]])):
        alike.setdefault((aim, frozenset(leaves)), []).append(recipient)
    return [(_whom(aim, recipients), data(leaves)) for (aim, leaves), recipients in alike.items()]


def _whom(aim: str, recipients: Iterable[str]) -> str:
    whom = " · ".join(words.recipient(one) for one in _names(RECIPIENT, recipients))
    return _("%(whom)s, for %(aim)s") % {"whom": whom, "aim": words.purpose(f"other.{aim}")} if aim else whom


def holdings(found: Foretold) -> dict[str, list[str]]:
    """What becomes of data: that on record as far as it may no longer be kept or used, and what may newly be."""
    preview = found.preview
    return {
        "ended": data(preview.ended & found.held),
        "locked": data(preview.locked & found.held),
        "opened": data(preview.opened),
    }


def data(leaves: Iterable[str]) -> list[str]:
    return [words.data(one) for one in _names(CATEGORY, leaves)]


def _names(axis: Axis, leaves: Iterable[str]) -> list[str]:
    """As few names as cover the leaves; a group is called by the last part of its path."""
    return [one if one in axis.bit else one.rpartition(".")[2] for one in axis.names_in(axis.union(leaves))]
