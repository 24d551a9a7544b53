"""The services of the house, and what each needs of a person: the words of consequences, and of a preview.

A service needs cover, data or a yes; some of it only gets better with a further yes. The decider alone says whether a
service can be given to somebody; this table says which choices it turns on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from amanat.vocabulary.terms import Axis

_SERVICES: Final = (
    "help_line", "emergency_help", "life_at_risk", "emergency_record", "consultation", "local_treatment",
    "firm_treatment", "health_assessment", "evacuation", "travel_advice", "travel_tracking", "security_help",
    "client_reports", "direct_payment", "billing", "recorded_calls", "service_messages", "shop", "newsletter",
    "survey", "site_statistics", "adverts", "own_data",
)  # fmt: skip
SERVICE: Final = Axis(
    "service",
    _SERVICES,
    {
        "any": _SERVICES,
        "medical": ("emergency_help", "emergency_record", "consultation", "local_treatment", "firm_treatment",
                    "health_assessment", "evacuation"),
        "travel": ("travel_advice", "travel_tracking", "security_help"),
        "site": ("newsletter", "survey", "site_statistics", "adverts"),
    },
)  # fmt: skip


def _frozen(plain: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(dict(plain))


@dataclass(frozen=True, slots=True)
class Needs:
    """What one service turns on.

    `facts` and `data` must be there, and each of `choices` in force. `choices` and the keys of `adds` are written as
    in a request, the kind alone where the parameter depends on the person. `adds` says what a further choice brings.
    `or_glass`: a broken glass stands in for the choices.
    """

    facts: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    adds: Mapping[str, str] = field(default_factory=lambda: _frozen({}))
    or_glass: bool = False


NEEDS: Final[Mapping[str, Needs]] = MappingProxyType({
    "help_line": Needs(
        facts=("entitlement",),
        data=("name", "phone_home"),
        adds=_frozen({"medical_service": "advice_with_history"}),
    ),
    "emergency_help": Needs(
        data=("name", "event_location"),
        adds=_frozen({
            "medical_service": "history_at_hand", "emergency_record": "record_at_hand", "nominee": "someone_is_told",
        }),
    ),
    "life_at_risk": Needs(facts=("glass",)),
    "emergency_record": Needs(
        choices=("emergency_record",),
    ),
    "consultation": Needs(choices=("medical_service",), adds=_frozen({"third_party_source": "prior_records"})),
    "local_treatment": Needs(facts=("agreement",), choices=("medical_service",)),
    "firm_treatment": Needs(facts=("agreement",), choices=("medical_service",)),
    "health_assessment": Needs(choices=("medical_service",), adds=_frozen({"payer_disclosure": "verdict_alone"})),
    "evacuation": Needs(
        data=("itinerary",),
        choices=("medical_service",),
        or_glass=True,
    ),
    "travel_advice": Needs(facts=("entitlement",), data=("destinations",)),
    "travel_tracking": Needs(
        facts=("entitlement",), data=("itinerary",), adds=_frozen({"live_location": "alerts_by_position"})
    ),
    "security_help": Needs(
        facts=("entitlement",),
        data=("itinerary", "phone_home"),
        adds=_frozen({"live_location": "alerts_by_position", "medical_service": "help_that_fits"}),
    ),
    "client_reports": Needs(facts=("k>=10",), adds=_frozen({"payer_disclosure": "reports_by_name"})),
    "direct_payment": Needs(facts=("entitlement",), data=("case_log",), choices=("payer_disclosure",)),
    "billing": Needs(facts=("entitlement",), data=("policy_number",)),
    "recorded_calls": Needs(choices=("call_recording",)),
    "service_messages": Needs(facts=("entitlement",), data=("email",)),
    "shop": Needs(facts=("adult",), data=("name", "order")),
    "newsletter": Needs(data=("email",), choices=("newsletter",)),
    "survey": Needs(choices=("cookies_survey",)),
    "site_statistics": Needs(choices=("cookies_analytics",)),
    "adverts": Needs(choices=("cookies_ads",)),
    "own_data": Needs(facts=("identity:proven",)),
})  # fmt: skip

GAINS: Final = tuple(dict.fromkeys(gain for needs in NEEDS.values() for gain in needs.adds.values()))


def turns_on(choice: str) -> tuple[str, ...]:
    """The services that cannot be given without this choice; a broken glass aside."""
    return tuple(service for service, needs in NEEDS.items() if choice in needs.choices)


def betters(choice: str) -> tuple[str, ...]:
    """The services that give more with this choice."""
    return tuple(service for service, needs in NEEDS.items() if choice in needs.adds)
