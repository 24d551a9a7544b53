"""The closed lexicon: every word that a request, a rule or a decision may use.

Names are lower snake case and dots show a parent. Each axis is a finite tree whose leaves have a fixed bit, so
that a set of words is one integer. Unknown words are errors that name the nearest known one; nothing is ignored.
Terms follow W3C DPV 2.3 (`docs/standards/dpv.md`), GDPR, FHIR and ISO 3166.
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from amanat.errors import MalformedError


class UnknownTermError(MalformedError):
    """That word is not in the vocabulary."""


@dataclass(frozen=True)
class Axis:
    """One dimension of a decision: leaves in a fixed order, and named groups of leaves.

    `groups` maps a group's name to the leaves below it. `aliases` maps further spellings to a leaf.
    """

    name: str
    leaves: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def bit(self) -> dict[str, int]:
        """Leaf or alias → its bit."""
        bits = {leaf: 1 << position for position, leaf in enumerate(self.leaves)}
        return bits | {alias: bits[leaf] for alias, leaf in self.aliases.items()}

    @cached_property
    def mask(self) -> dict[str, int]:
        """Leaf, alias or group → the union of the bits below it."""
        groups = {name: self.union(leaves) for name, leaves in self.groups.items()}
        return groups | self.bit

    @cached_property
    def everything(self) -> int:
        return (1 << len(self.leaves)) - 1

    def union(self, leaves: Iterable[str]) -> int:
        total = 0
        for leaf in leaves:
            total |= self.bit[leaf]
        return total

    def mask_of(self, word: str) -> int:
        """The bits of a leaf or a group; an unknown word is an error that names it."""
        try:
            return self.mask[word]
        except KeyError:
            raise self.unknown(word, self.mask) from None

    def leaf(self, word: str) -> str:
        """The canonical name of a leaf; a group or an unknown word is an error."""
        if word in self.aliases:
            return self.aliases[word]
        if word not in self.bit:
            raise self.unknown(word, self.bit)
        return word

    def leaves_in(self, mask: int) -> list[str]:
        return [leaf for position, leaf in enumerate(self.leaves) if mask >> position & 1]

    def cover(self, mask: int) -> list[str]:
        """A set of leaves by as few names as cover it: the widest groups inside it first, then single leaves."""
        rest, names = mask, []
        for term in sorted(self.mask, key=lambda word: (-self.mask[word].bit_count(), word.count("."), word)):
            bits = self.mask[term]
            if bits & ~mask == 0 and bits & rest:
                names.append((bits & -bits, term))
                rest &= ~bits
        return [term for _, term in sorted(names)]

    def names_in(self, mask: int) -> list[str]:
        """A set of leaves by few names: the widest groups inside it first, then what is left, in vocabulary order."""
        rest, names = mask, []
        for term in sorted(self.mask, key=lambda word: (-self.mask[word].bit_count(), word.count("."), word)):
            bits = self.mask[term]
            if bits & ~mask == 0 and bits & rest:
                names.append((bits & -bits, term))
                rest &= ~bits
        return [name for _, name in sorted(names)]

    def unknown(self, word: str, known: Iterable[str]) -> UnknownTermError:
        near = difflib.get_close_matches(word[:60], list(known), n=1, cutoff=0.6)
        hint = f"; did you mean `{near[0]}`?" if near else ""
        return UnknownTermError(f"unknown {self.name} `{word[:60]}`{hint}")


def _tree(name: str, branches: Mapping[str, str], extra: Mapping[str, str] | None = None) -> Axis:
    """Build an axis from branch path → leaves; every run of a path's names becomes a group."""
    groups: dict[str, list[str]] = {}
    for path, words in branches.items():
        parts = path.split(".")
        for depth in range(1, len(parts) + 1):
            for start in range(depth):
                groups.setdefault(".".join(parts[start:depth]), []).extend(words.split())
    leaves = tuple(leaf for words in branches.values() for leaf in words.split())
    for group, members in (extra or {}).items():
        groups[group] = [leaf for member in members.split() for leaf in groups.get(member, [member])]
    merged = {group: tuple(dict.fromkeys(members)) for group, members in groups.items()}
    return Axis(name, leaves, merged)


# Action → root verb of clause 0.5.
ROOT_VERB: dict[str, str] = {
    "collect": "collect",
    "receive": "collect",
    "store": "hold",
    "view": "use",
    "use": "use",
    "combine": "use",
    "track": "use",
    "aggregate": "use",
    "contact": "use",
    "disclose": "disclose",
    "transfer": "disclose",
    "correct": "use",
    "restrict": "hold",
    "erase": "hold",
}

# A clause of kind collect covers taking, of kind use covers using, of kind disclose covers telling.
ACTION = Axis(
    "action",
    tuple(ROOT_VERB),
    {
        "any": tuple(ROOT_VERB),
        "taking": ("collect", "receive"),
        "using": ("use", "view"),
        "following": ("combine", "track"),
        "telling": ("disclose", "transfer"),
    },
)

ROLE = _tree(
    "role",
    {
        "person": "member dependant guardian",
        "others": "nominee client_admin provider_user auditor",
        "staff.assistance": "assistance_coordinator logistics_agent billing_clerk",
        "staff.care": "clinician escort",
        "staff.security": "security_specialist",
        "staff.site": "web_system marketing_editor",
        "staff.oversight": "privacy_officer group_dpo security_officer",
    },
    {"anyone": "person others staff", "caring": "clinician escort assistance_coordinator"},
)

_RECIPIENTS = {
    "subject": "self guardian nominee",
    "group": "assistance_centre clinic remote_site security_centre shared_service web_operator",
    "provider": "provider.medical provider.security provider.travel provider.logistics provider.tech"
    " provider.survey provider.ads",
    "local_clinician": "clinic_or_doctor hospital ambulance",
    "payer": "employer employer_of_relative insurer medical_insurer card_issuer financial_institution"
    " membership_body other_purchaser",
    "client": "client_as_controller",
    "peer": "assistance_company",
    "authority": "emergency_local health police_or_court consular data_protection other_state",
}
_RECIPIENT_TREE = _tree("recipient", _RECIPIENTS)
RECIPIENT = Axis(
    "recipient",
    _RECIPIENT_TREE.leaves,
    _RECIPIENT_TREE.groups,
    {f"{kind}.{leaf}": leaf for kind, words in _RECIPIENTS.items() if kind != "provider" for leaf in words.split()},
)
RECIPIENT_KIND: dict[str, str] = {leaf: kind for kind, words in _RECIPIENTS.items() for leaf in words.split()}

CATEGORY = _tree(
    "data leaf or field",
    {
        "personal.ordinary.identity": "name gender birth_date nationality member_id travel_document photo",
        "personal.ordinary.contact": "postal_address phone_home phone_work email language",
        "personal.ordinary.family": "family_status dependants next_of_kin",
        "personal.ordinary.work": "employer industry_sector mobility_status",
        "personal.ordinary.cover": "entitlement scheme payer policy_number",
        "personal.ordinary.travel": "destinations itinerary accommodation",
        "personal.ordinary.case": "case_log call_metadata event_location",
        "personal.ordinary.order": "order payment",
        "personal.ordinary.web": "session_id device browse ad_interest",
        "personal.ordinary.preference": "newsletter cookie_choice consent_choice",
        "personal.ordinary.feedback": "survey_answer complaint enquiry",
        "personal.sensitive.medical": "emergency_record consultation treatment_case health_assessment report"
        " prescription mental_health",
        "personal.sensitive.medical_derived": "fitness_flag mobility_need diet_need",
        "personal.sensitive.sensitive_other": "live_location call_recording security_profile religion_if_stated",
        "nonpersonal": "aggregate anonymous",
        "pseudonymous": "analytics_event",
    },
)

# Field → the leaf whose category it inherits.
FIELD_LEAF: dict[str, str] = {
    "birth_year": "birth_date",
    "nominee_phone": "next_of_kin",
    "cover_status": "entitlement",
    "allergies": "emergency_record",
    "blood_type": "emergency_record",
    "current_medicines": "emergency_record",
    "critical_conditions": "emergency_record",
    "treating_doctor_phone": "emergency_record",
    "diagnosis": "treatment_case",
}

# Profile → the leaves and fields in it.
PROFILE: dict[str, frozenset[str]] = {
    "emergency_minimum": frozenset({
        "name", "birth_year", "language", "event_location", "allergies", "blood_type", "current_medicines",
        "critical_conditions", "treating_doctor_phone", "nominee_phone", "cover_status",
    }),
}  # fmt: skip

PURPOSE = _tree(
    "purpose",
    {
        "service.medical_assistance": "emergency_care treatment consultation medical_advice patient_support"
        " health_assessment emergency_record medical_escort evacuation",
        "service.security_assistance": "security_advice travel_tracking civil_unrest_response security_evacuation",
        "service.travel_support": "travel_information logistics",
        "service.prevention_advice": "local_advice",
        "service.service_management": "eligibility order_fulfilment billing claims case_coordination"
        " client_reporting quality",
        "contact": "service_message enquiry complaint",
        "legal": "legal_order legal_permission legal_claims rights_fulfilment audit",
        "security_ops": "access_control integrity continuity incident",
        "web": "session age_check site_admin site_analytics site_improvement survey",
        "outreach": "newsletter advertising_onsite advertising_offsite",
        "statistics": "statistics",
        "other": "other",
    },
    {"advertising": "advertising_onsite advertising_offsite", "non_service": "contact web outreach other"},
)

CONTEXT = Axis(
    "context",
    ("routine", "urgent", "emergency_medical", "emergency_unrest", "incapacity", "minor", "deceased",
     "legal_order", "breach", "same_country", "cross_border"),
    {"emergency": ("emergency_medical", "emergency_unrest")},
)  # fmt: skip

CHANNEL = _tree(
    "channel",
    {
        "online": "web_public web_account app online_form",
        "assisted": "e_mail phone clinic_visit remote_site escort_in_person assisted_entry",
        "feed": "client_feed provider_message partner_api post",
    },
)

RELATION = Axis(
    "relation",
    ("direct", "employee_of", "dependant_of", "beneficiary_under", "member_of", "visitor", "unknown"),
    {"covered": ("direct", "employee_of", "dependant_of", "beneficiary_under", "member_of"),
     "uncovered": ("visitor", "unknown")},
)  # fmt: skip

# Transfer tools of 4.6; `localisation_block` forbids instead of allowing.
TOOLS = ("adequacy", "bcr", "scc", "local_contract", "certification", "explicit_consent", "vital_derogation",
         "localisation_block", "none")  # fmt: skip

AGREEMENT_TERMS = ("secrecy", "purpose_bound", "our_directions", "onward")

# Obligation names in the order in which answers list them.
OBLIGATIONS = (
    "log", "cite", "minimise", "redact", "translate_to_flags", "aggregate_k", "pseudonymise", "encrypt_transit",
    "encrypt_rest", "seal", "require_agreement", "carry_directions", "purpose_token", "expire",
    "return_or_erase", "notify_subject", "notify_client", "notify_authority", "record_reason", "two_person",
    "review", "challenge_check", "propagate", "retain_until", "offer_opt_in", "offer_unsubscribe",
    "refuse_and_forget", "assisted_entry",
)  # fmt: skip

# What may follow an obligation, as a pattern; the others take nothing.
_SPAN = "[1-9][0-9]{0,4}[hd]"
OBLIGATION_PARAMETER: Mapping[str, str] = {
    "minimise": "|".join(PROFILE), "aggregate_k": "[1-9][0-9]{0,3}", "require_agreement": "|".join(AGREEMENT_TERMS),
    "expire": _SPAN, "return_or_erase": _SPAN, "notify_subject": _SPAN, "notify_client": _SPAN,
    "notify_authority": _SPAN, "review": _SPAN, "retain_until": _SPAN, "propagate": "correction|erasure|withdrawal",
}  # fmt: skip

# Facts that the platform checks itself; `amanat decide` counts them as satisfied.
PLATFORM_FACTS = (
    "graph",
    "training",
    "comparable",
    "instruction",
    "registered",
    "case",
    "bound",
)

ACTIONS: Mapping[str, int] = ACTION.bit
ROLES: Mapping[str, int] = ROLE.bit
CATEGORIES: Mapping[str, int] = CATEGORY.bit
PURPOSES: Mapping[str, int] = PURPOSE.bit
