"""How each choice is put to a member: its name, what it means, and the sentences they answer.

The sentences are what a consent record keeps by digest, so a change of theirs is a change of what was asked.
"""

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amanat.portals.member import words
from amanat.rights.options import Option
from amanat.vocabulary.choices import ChoiceKind as Kind

GROUPS: Final = {
    "health": (_("Your health"), _("Without your yes nobody of ours takes in or opens health data.")),
    "emergency": (_("Emergencies"), _("What may be known on the day it counts, and by whom.")),
    "payers": (_("Whoever pays"), _("What those may hear who pay for your cover. A no costs you nothing else.")),
    "sources": (_("Others who know you"), _("Who may send us health data, and other aims you allowed by name.")),
    "contact": (_("News and our website"), _("All of this is off until you turn it on.")),
    "blocks": (
        _("What you forbid"),
        _("A block stops us, whatever else is allowed. Only a valid order passes it."),
    ),
    "withholding": (_("What you hold back"), _("Single facts that we neither take nor use.")),
    "leaving": (_("Leaving"), _("You can leave our services at any time.")),
}


def group_titles() -> Mapping[str, tuple[str, str]]:
    return {group: (str(title), str(lead)) for group, (title, lead) in GROUPS.items()}


def whom(option: Option, names: Mapping[str, str]) -> str:
    """Towards whom an option is: an organisation by its name, or a kind of recipient."""
    if option.towards in names:
        return names[option.towards]
    return words.recipient(option.towards or option.choice.parameter)


def title(option: Option, names: Mapping[str, str]) -> str:
    return _TITLES[option.choice.kind](option, names)


def _record_title(option: Option, _names: Mapping[str, str]) -> str:
    if option.towards in ("", "self"):
        return gettext("Keep and use my emergency record")
    return gettext("Show my emergency record to %(whom)s") % {"whom": words.recipient(option.towards)}


def _data(option: Option) -> str:
    return words.data(option.choice.parameter)


_TITLES: Final[Mapping[Kind, Callable[[Option, Mapping[str, str]], str]]] = {
    Kind.MEDICAL_SERVICE: lambda *_a: gettext("Use health data to help me"),
    Kind.CALL_RECORDING: lambda *_a: gettext("Record my calls"),
    Kind.EMERGENCY_RECORD: _record_title,
    Kind.NOMINEE: lambda *_a: gettext("Tell the person I named"),
    Kind.LIVE_LOCATION: lambda *_a: gettext("Follow where I am right now"),
    Kind.PAYER_DISCLOSURE: lambda option, names: gettext("Tell %(whom)s") % {"whom": whom(option, names)},
    Kind.THIRD_PARTY_SOURCE: lambda option, names: (
        gettext("Take health data from %(whom)s") % {"whom": whom(option, names)}
    ),
    Kind.OTHER_PURPOSE: lambda option, _names: gettext("Another aim: %(aim)s") % {"aim": _aim(option)},
    Kind.NEWSLETTER: lambda *_a: gettext("Send me the newsletter"),
    Kind.COOKIES_ANALYTICS: lambda *_a: gettext("Count my visits"),
    Kind.COOKIES_SURVEY: lambda *_a: gettext("Ask me in surveys"),
    Kind.COOKIES_ADS: lambda *_a: gettext("Show me adverts by interest"),
    Kind.OPT_OUT_SERVICE: lambda *_a: gettext("Leave the services"),
    Kind.BLOCK_RECIPIENT: lambda option, names: gettext("Tell nothing to %(whom)s") % {"whom": whom(option, names)},
    Kind.BLOCK_PURPOSE: lambda option, _names: (
        gettext("Nothing for %(aim)s") % {"aim": words.purpose(option.choice.parameter)}
    ),
    Kind.WITHHOLD: lambda option, _names: gettext("Hold back: %(what)s") % {"what": _data(option)},
}


def _aim(option: Option) -> str:
    return option.choice.parameter.replace("_", " ")


def means(option: Option) -> str:
    """What the choice does, in a sentence or two."""
    texts = {
        Kind.MEDICAL_SERVICE: gettext(
            "Our clinicians and your case's coordinator may take in, keep, use and pass on health data for your care."
        ),
        Kind.CALL_RECORDING: gettext("We may record your calls to us, so that nothing you said is lost."),
        Kind.EMERGENCY_RECORD: gettext("What you wrote in your emergency record, for your care and for nothing else."),
        Kind.NOMINEE: gettext(
            "In a medical emergency we tell them who and where you are, and nothing about your health."
        ),
        Kind.LIVE_LOCATION: gettext(
            "Our security desk sees your position while a trip is watched over, to warn or fetch you."
        ),
        Kind.PAYER_DISCLOSURE: gettext(
            "They may be told what a service for you is about, as far as it needs that. Never for decisions on a job."
        ),
        Kind.THIRD_PARTY_SOURCE: gettext(
            "What they send about your health is opened. Without your yes it stays closed."
        ),
        Kind.OTHER_PURPOSE: gettext("One aim outside our services, which you allowed by name."),
        Kind.NEWSLETTER: gettext("We write to your e-mail address with news. Each mail has a link to leave."),
        Kind.COOKIES_ANALYTICS: gettext("We count visits by codes that change each day, never by your account."),
        Kind.COOKIES_SURVEY: gettext("A survey firm may set cookies on our site for its survey."),
        Kind.COOKIES_ADS: gettext(
            "An advert firm gets traces of your visits. Pages behind a sign-in carry no adverts."
        ),
        Kind.OPT_OUT_SERVICE: gettext(
            "We do nothing more with your data for a service. Whoever pays learns only that you left."
        ),
        Kind.BLOCK_RECIPIENT: gettext("Nothing about you goes to them, also within a service that you use."),
        Kind.BLOCK_PURPOSE: gettext("Nothing of yours is used for that aim."),
        Kind.WITHHOLD: gettext("We do not take, keep, use or pass on this one fact."),
    }
    return texts[option.choice.kind]


def yes(option: Option, names: Mapping[str, str]) -> str:
    """The sentence beside the empty box, or beside the button that sets a block."""
    opening = gettext("I want this: %(title)s.") if option.forbids else gettext("I agree: %(title)s.")
    return " ".join((opening % {"title": title(option, names)}, means(option)))


def no(option: Option, names: Mapping[str, str]) -> str:
    """The sentence that takes the choice back."""
    opening = gettext("I lift this: %(title)s.") if option.forbids else gettext("I take back my yes: %(title)s.")
    return opening % {"title": title(option, names)}


def record_question(towards: str) -> tuple[str, str]:
    """The sentence beside one of the record's boxes, and what a tick means there."""
    questions = {
        "self": (
            gettext("I agree that you keep this record and use it for my care."),
            gettext(
                "The company that answers for you keeps it sealed. Whoever runs your case may open it for your care."
            ),
        ),
        "group": (
            gettext("I agree that you show it to clinics and centres of your group."),
            gettext("Also in other countries, so that the centre nearest to you knows what matters."),
        ),
        "provider.medical": (
            gettext("I agree that you show it to firms that help treat me."),
            gettext("Medical firms that signed our terms: secret, for your case alone, as we direct."),
        ),
        "local_clinician": (
            gettext("I agree that you show it to doctors near me."),
            gettext("The clinic, doctor or hospital that treats you where you are. They answer for what they keep."),
        ),
    }
    return questions[towards]


def keeping(towards: str) -> str:
    """What a yes beside the record allows, as a line of its standing."""
    if towards == "self":
        return gettext("We keep it and use it for your care.")
    return gettext("We show it to %(whom)s.") % {"whom": words.recipient(towards)}


SERVICES: Final = {
    "help_line": _("The help line"),
    "emergency_help": _("Help in a medical emergency"),
    "life_at_risk": _(
        "Help if your life is at risk and you cannot be asked: the few facts that matter, once, reviewed"
    ),
    "emergency_record": _("Writing your emergency record online"),
    "consultation": _("Consultations by telephone and in our clinics"),
    "local_treatment": _("Passing your case to a doctor near you"),
    "firm_treatment": _("Passing your case to a firm that treats you"),
    "health_assessment": _("Health checks"),
    "evacuation": _("Bringing you to care, with an escort"),
    "travel_advice": _("Advice for your trips"),
    "travel_tracking": _("Watching over your trips"),
    "security_help": _("Security help and help in unrest"),
    "client_reports": _("Counts of ten or more for whoever pays"),
    "direct_payment": _("Settling bills directly with whoever pays"),
    "billing": _("Bills with a number and a sum"),
    "recorded_calls": _("Recording of your calls"),
    "service_messages": _("Notes about your service and your safety"),
    "shop": _("Orders on our site"),
    "newsletter": _("The newsletter"),
    "survey": _("Surveys on our site"),
    "site_statistics": _("Counting of visits"),
    "adverts": _("Adverts by interest"),
    "own_data": _("Seeing all we hold about you"),
}


def service(key: str) -> str:
    if key.startswith("other."):
        return gettext("Another aim: %(aim)s") % {"aim": key.removeprefix("other.").replace("_", " ")}
    return str(SERVICES[key])


STAYS: Final = {
    "record_locked": _(
        "What you wrote stays locked: nobody opens or shows it without a new yes. You can still see it."
    ),
    "health_data_locked": _("Health data that we hold already stays locked, as far as a law makes us keep it."),
    "proof_of_choice": _("A record of this choice, as proof for both sides, until five years after it ended."),
    "log": _("The log of who saw what, without your name, for seven years."),
    "already_told": _("What was told before stays told and lawful. You see it under “Who saw my data”."),
}
