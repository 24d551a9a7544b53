"""What the desk calls things: data, recipients, needs and duties, in the reader's language.

The vocabulary's own words never reach a page; one that has no name here is printed as it is, so that nothing is hidden.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from amanat.cases.recipients import Option
from amanat.policy.rule import Obligation
from amanat.portals.formats import alphabetical, country_name, current_locale


def data_name(word: str) -> str:
    names = {
        "name": pgettext("data", "Name"),
        "birth_year": _("Year of birth"),
        "language": _("Language"),
        "phone_home": _("Private telephone"),
        "phone_work": _("Work telephone"),
        "policy_number": _("Policy number"),
        "cover_status": _("Cover"),
        "event_location": _("Where the person is"),
        "case_log": _("Notes of the case"),
        "allergies": _("Allergies"),
        "blood_type": _("Blood type"),
        "current_medicines": _("Medicines they take"),
        "critical_conditions": _("Critical conditions"),
        "treating_doctor_phone": _("Telephone of their doctor"),
        "nominee_phone": _("Telephone of the person they named"),
        "birth_date": _("Date of birth"),
        "entitlement": _("Cover"),
        "emergency_record": _("Emergency record"),
        "next_of_kin": _("The person they named"),
        "consent_choice": _("A choice of theirs"),
    }
    return names.get(word, word)


def action_name(action: str) -> str:
    names = {"view": _("Looked at"), "collect": _("Wrote down"), "disclose": _("Told"), "contact": _("Wrote to")}
    return names.get(action, _("Used"))


def kind_name(kind: str) -> str:
    names = {
        "medical": pgettext("case", "Medical"),
        "security": pgettext("case", "Security"),
        "unrest": pgettext("case", "Unrest"),
        "advice": pgettext("case", "Advice"),
    }
    return names[kind]


def role_name(role: str) -> str:
    names = {
        "assistance_coordinator": _("Assistance coordinator"),
        "clinician": _("Clinician"),
        "escort": _("Medical escort"),
        "security_specialist": _("Security specialist"),
    }
    return names.get(role, role)


def leaf_name(leaf: str) -> str:
    names = {
        "employer": _("The employer"),
        "employer_of_relative": _("The employer of a relative"),
        "insurer": _("The insurer"),
        "medical_insurer": _("The medical insurer"),
        "card_issuer": _("The card issuer"),
        "financial_institution": _("The bank"),
        "membership_body": _("The club or school"),
        "other_purchaser": _("The organisation that pays"),
        "assistance_centre": _("Assistance centre of our group"),
        "provider.medical": _("Medical firm"),
        "provider.security": _("Security firm"),
        "provider.travel": _("Travel firm"),
        "provider.logistics": _("Transport firm"),
        "provider.tech": _("Technical firm"),
        "clinic_or_doctor": _("A clinic or doctor near the person"),
        "emergency_local": _("Local rescue services"),
    }
    return names.get(leaf, leaf)


def option_name(option: Option) -> str:
    """A body to tell, as the desk picks it from the list."""
    if not option.organisation:
        return leaf_name(option.leaf)
    where = country_name(option.country)
    state = "" if option.live else f" — {_('agreement not in force')}"
    named = {"kind": leaf_name(option.leaf), "name": option.name, "country": where}
    return _("%(kind)s: %(name)s (%(country)s)") % named + state


def need_name(need: str) -> str:
    """What is missing, as a sentence's part."""
    head, _colon, about = need.partition(":")
    names = {
        "agreement": _("an agreement in force with that firm"),
        "agreement_terms": _("a term that the firm has not signed"),
        "tool": _("a legal safeguard for sending data to that country"),
        "entitlement": _("live cover"),
        "order": _("a valid order"),
        "guardian_for": _("proof of who may speak for this young person"),
        "glass": _("a broken glass: life at stake, and nobody to ask"),
        "emergency_record": _("the person's yes to the use of their emergency record"),
        "medical_service": _("the person's yes to the use of health data"),
        "call_recording": _("the person's yes to recording the call"),
        "nominee": _("a person whom they named themselves"),
    }
    if head == "payer_disclosure":
        return _("the person's yes to telling “%(who)s”") % {"who": leaf_name(about)}
    return names.get(head, need)


def duty_name(duty: Obligation) -> str | None:
    """A duty that a person must see to, as a sentence; None for what the platform does by itself."""
    spoken = {"span": duty.parameter.replace("h", " h")}
    names = {
        "minimise": _("Give no more than the job needs."),
        "translate_to_flags": _("Say what help is needed, not what is wrong."),
        "record_reason": _("Note why you told it."),
        "notify_subject": _("The person is told within %(span)s."),
        "review": _("The privacy officer looks at it again within %(span)s."),
        "carry_directions": _("Say that it is for this case alone."),
    }
    return names[duty.name] % spoken if duty.name in names else None


def duty_names(duties: Iterable[Obligation]) -> list[str]:
    return [name for duty in duties if (name := duty_name(duty))]


def person_name(value: Any) -> str:
    """A person's name as it is said here: given name first."""
    if not isinstance(value, Mapping):
        return str(value or "")
    return " ".join(str(value[part]) for part in ("given", "family") if value.get(part))


def place_name(value: Any) -> str:
    if not isinstance(value, Mapping):
        return str(value or "")
    parts = [str(value.get("place", "")), country_name(value["country"]) if value.get("country") else ""]
    return ", ".join(part for part in parts if part)


def log_text(value: Any) -> str:
    return "\n".join(f"{str(entry['at'])[:16].replace('T', ' ')}  {entry['text']}" for entry in value or ())


def cover_name(value: Any) -> str:
    names = {"covered": pgettext("cover", "Live"), "ended": pgettext("cover", "Ended")}
    return names.get(str(value), str(value))


def printed(word: str, value: Any) -> str:
    """A value as a page prints it."""
    write = {"name": person_name, "event_location": place_name, "case_log": log_text, "cover_status": cover_name}
    if word == "language":
        return str(current_locale().languages.get(str(value), value))
    return write.get(word, str)(value)


def pairs(values: Mapping[str, Any], words: Iterable[str]) -> list[tuple[str, str]]:
    """Name and value of each of `words`; what there is no value for says so."""
    return [(data_name(word), printed(word, values[word]) if word in values else "—") for word in words]


def countries() -> list[tuple[str, str]]:
    """Every country by its name in the reader's language, in that order."""
    names = current_locale().territories.items()
    known = [(code, str(name)) for code, name in names if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY]
    return sorted(known, key=lambda one: alphabetical(one[1]))


_NO_COUNTRY = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})
