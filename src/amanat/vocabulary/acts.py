"""What each service does with a person's data: the acts without which it cannot be given, and those that better it.

The preview of a choice decides every one of them before and after, and beside them whatever anybody may be told and
whatever may be kept and used. A service that is added to the house is added here, or its consequence is not foretold.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from amanat.vocabulary.terms import CATEGORY, PURPOSE

DESK, DOCTOR, GUARD = "assistance_coordinator", "clinician", "security_specialist"
MOVER, BILLS, SITE = "logistics_agent", "billing_clerk", "web_system"
OFFICE = "privacy_officer"
# Stands for whoever pays for this person, by what they are to them (an employer, an insurer …).
PAYER: Final = "payer"


@dataclass(frozen=True, slots=True)
class Use:
    """One act of a service. `recipient` and `source` are leaves of the vocabulary, or `PAYER`."""

    role: str
    action: str
    words: tuple[str, ...]
    purpose: str
    recipient: str = ""
    source: str = ""
    channel: str = ""
    contexts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Service:
    """Without one of `must` it is not given; `adds` are what it has besides. `by_glass`: a broken glass is enough."""

    key: str
    must: tuple[Use, ...] = ()
    adds: tuple[Use, ...] = ()
    by_glass: bool = False

    @property
    def uses(self) -> tuple[Use, ...]:
        return self.must + self.adds


_EMERGENCY = frozenset({"emergency_medical"})
NOT_ASKED: Final = frozenset({"emergency_medical", "incapacity"})
_HEALTH = ("allergies", "blood_type", "current_medicines", "critical_conditions", "treating_doctor_phone")


def _in_emergency(action: str, words: tuple[str, ...], recipient: str = "") -> Use:
    return Use(DESK, action, words, "emergency_care", recipient, contexts=_EMERGENCY)


SERVICES: Final = (
    Service(
        "help_line",
        (Use(DESK, "use", ("name",), "case_coordination"),),
        (
            Use(DESK, "use", ("phone_work", "phone_home", "email"), "case_coordination"),
            Use(DESK, "use", ("treatment_case",), "medical_advice"),
        ),
    ),
    Service(
        "emergency_help",
        (
            _in_emergency("use", ("name", "event_location")),
            _in_emergency("disclose", ("name", "event_location"), "emergency_local"),
        ),
        (
            _in_emergency("use", ("emergency_record",)),
            _in_emergency("disclose", ("emergency_record",), "assistance_centre"),
            _in_emergency("disclose", ("emergency_record",), "provider.medical"),
            _in_emergency("disclose", ("emergency_record",), "hospital"),
            _in_emergency("use", ("treatment_case",)),
            _in_emergency("disclose", ("name", "event_location"), "nominee"),
        ),
    ),
    Service("life_at_risk", (Use(DESK, "use", _HEALTH, "emergency_care", contexts=NOT_ASKED),), by_glass=True),
    Service(
        "emergency_record",
        (Use("member", "collect", ("emergency_record",), "emergency_record", channel="web_account"),),
    ),
    Service(
        "consultation",
        (
            Use(DOCTOR, "collect", ("consultation",), "consultation", channel="phone"),
            Use(DOCTOR, "use", ("consultation",), "consultation"),
        ),
        (Use(DOCTOR, "receive", ("report",), "treatment", source="provider.medical", channel="provider_message"),),
    ),
    Service("local_treatment", (Use(DOCTOR, "disclose", ("treatment_case",), "treatment", "clinic_or_doctor"),)),
    Service("firm_treatment", (Use(DOCTOR, "disclose", ("treatment_case",), "treatment", "provider.medical"),)),
    Service(
        "health_assessment",
        (Use(DOCTOR, "use", ("health_assessment",), "health_assessment"),),
        (Use(DOCTOR, "disclose", ("fitness_flag",), "health_assessment", PAYER),),
    ),
    Service(
        "evacuation",
        (
            Use(MOVER, "use", ("itinerary",), "evacuation"),
            Use(DOCTOR, "use", ("treatment_case",), "evacuation"),
        ),
        (Use(MOVER, "disclose", ("mobility_need",), "evacuation", "provider.travel"),),
    ),
    Service("travel_advice", (Use(DESK, "use", ("destinations",), "travel_information"),)),
    Service(
        "travel_tracking",
        (Use(GUARD, "track", ("itinerary",), "travel_tracking"),),
        (Use(GUARD, "track", ("live_location",), "travel_tracking"),),
    ),
    Service(
        "security_help",
        (Use(GUARD, "use", ("itinerary",), "civil_unrest_response"),),
        (
            Use(GUARD, "use", ("phone_work", "phone_home"), "civil_unrest_response"),
            Use(GUARD, "use", ("live_location",), "civil_unrest_response"),
            Use(GUARD, "use", ("mobility_need",), "security_evacuation"),
        ),
    ),
    Service(
        "client_reports", (), (Use(BILLS, "disclose", ("entitlement", "destinations"), "client_reporting", PAYER),)
    ),
    Service("direct_payment", (Use(BILLS, "disclose", ("case_log",), "claims", PAYER),)),
    Service(
        "billing",
        (Use(BILLS, "disclose", ("policy_number",), "billing", "client_as_controller", "client_as_controller"),),
    ),
    Service("recorded_calls", (Use(DESK, "collect", ("call_recording",), "patient_support", channel="phone"),)),
    Service("service_messages", (Use(DESK, "contact", ("phone_work", "email"), "service_message"),)),
    Service("shop", (Use(SITE, "collect", ("name", "order"), "order_fulfilment", channel="web_account"),)),
    Service("newsletter", (Use(SITE, "contact", ("email",), "newsletter"),)),
    Service("survey", (Use(SITE, "disclose", ("device",), "survey", "provider.survey"),)),
    Service("site_statistics", (Use(SITE, "use", ("browse",), "site_analytics"),)),
    Service("adverts", (Use(SITE, "disclose", ("browse",), "advertising_onsite", "provider.ads"),)),
    Service("own_data", (Use("member", "view", ("name", "emergency_record", "report"), "rights_fulfilment"),)),
)


def aims_of(choices: Iterable[str]) -> list[str]:
    """The other aims that somebody allowed by name."""
    return sorted({one.removeprefix("other_purpose:") for one in choices if one.startswith("other_purpose:")})


def services_of(choices: Iterable[str]) -> tuple[Service, ...]:
    """The house's services, and one for each other aim that the person allowed by name."""
    aims = aims_of(choices)
    return SERVICES + tuple(Service(f"other.{aim}", (Use(DOCTOR, "use", ("report",), f"other.{aim}"),)) for aim in aims)


# Traces of visits are named alone: beside anything else they are refused (5.6), and would seem to be told to nobody.
_WEB: Final = CATEGORY.mask_of("web")
_TOGETHER: Final = tuple(
    tuple(CATEGORY.leaves_in(mask)) for mask in (CATEGORY.mask_of("personal") & ~_WEB, _WEB)
)  # fmt: skip
_BY_THE_SITE: Final = frozenset(PURPOSE.leaves_in(PURPOSE.mask_of("web") | PURPOSE.mask_of("outreach")))
_BY_THE_DESK: Final = frozenset(PURPOSE.leaves_in(PURPOSE.mask_of("service") | PURPOSE.mask_of("contact")))
# Aims beside any service: what serves these alone is locked.
BESIDE_SERVICE: Final = frozenset(PURPOSE.leaves) - _BY_THE_SITE - _BY_THE_DESK - {"other"}


def role_for(purpose: str) -> str:
    """Those of the house who reach the most data for a purpose."""
    return SITE if purpose in _BY_THE_SITE else OFFICE if purpose in BESIDE_SERVICE else DESK


def everything(action: str, purpose: str, recipient: str = "") -> tuple[Use, ...]:
    """One verb over all personal data for one purpose, where `emergency_care` means in an emergency."""
    contexts = _EMERGENCY if purpose == "emergency_care" else frozenset[str]()
    return tuple(Use(role_for(purpose), action, words, purpose, recipient, contexts=contexts) for words in _TOGETHER)
