"""What members' pages call things: who acts, with what, what for, to whom, in the reader's language.

The vocabulary's own words never reach a page; one that has no name here is printed as it is, so that nothing is hidden.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as pgettext

ROLES: Final = {
    "member": _("You"),
    "dependant": _("You"),
    "guardian": _("Your guardian"),
    "nominee": _("The person you named"),
    "client_admin": _("An administrator of whoever pays"),
    "assistance_coordinator": _("An assistance coordinator"),
    "clinician": _("A clinician"),
    "escort": _("A medical escort"),
    "security_specialist": _("A security specialist"),
    "logistics_agent": _("A transport planner"),
    "billing_clerk": _("A billing clerk"),
    "marketing_editor": _("An editor of our news"),
    "web_system": _("Our web system"),
    "provider_user": _("Somebody of a firm that works for us"),
    "privacy_officer": _("A privacy officer"),
    "group_dpo": _("The group's data protection officer"),
    "security_officer": _("A security officer"),
    "auditor": _("An auditor"),
}

ACTIONS: Final = {
    "collect": _("noted"),
    "receive": _("received"),
    "store": _("kept"),
    "view": _("looked at"),
    "use": _("used"),
    "combine": _("joined"),
    "track": _("followed"),
    "aggregate": _("counted"),
    "contact": _("wrote to you with"),
    "disclose": _("told"),
    "transfer": _("passed on"),
    "correct": _("corrected"),
    "restrict": _("locked"),
    "erase": _("erased"),
}

VERBS: Final = {
    "any": _("do anything"),
    "collect": _("take"),
    "receive": pgettext("verb", "receive"),
    "store": _("keep"),
    "use": _("use"),
    "track": _("follow"),
    "contact": _("write to you"),
    "disclose": _("tell"),
    "transfer": _("pass on"),
}

CHANNELS: Final = {
    "web_account": _("your pages here"),
    "phone": _("telephone"),
    "e_mail": _("e-mail"),
    "clinic_visit": _("a visit to a clinic"),
    "post": _("letter"),
}

PURPOSES: Final = {
    "emergency_care": _("care in an emergency"),
    "treatment": _("treatment"),
    "consultation": _("a consultation"),
    "medical_advice": _("medical advice"),
    "patient_support": _("support while you are ill"),
    "health_assessment": _("a health check"),
    "emergency_record": _("your emergency record"),
    "medical_escort": _("a medical escort"),
    "evacuation": _("bringing you to safety or care"),
    "security_advice": _("security advice"),
    "travel_tracking": _("watching over your trip"),
    "civil_unrest_response": _("help in unrest"),
    "security_evacuation": _("bringing you out of danger"),
    "travel_information": _("information for your trip"),
    "logistics": _("arranging your trip"),
    "local_advice": _("advice about a place"),
    "eligibility": _("seeing what is due to you"),
    "order_fulfilment": _("filling your order"),
    "billing": _("bills"),
    "claims": _("claims"),
    "case_coordination": _("running your case"),
    "client_reporting": _("reports to whoever pays"),
    "quality": _("doing better next time"),
    "service_message": _("news of your service"),
    "enquiry": _("answering a question"),
    "complaint": _("answering a complaint"),
    "legal_order": _("an order of the state"),
    "legal_permission": _("a request of the state"),
    "legal_claims": _("a legal claim"),
    "rights_fulfilment": _("your own rights"),
    "audit": _("an audit"),
    "access_control": _("keeping strangers out"),
    "integrity": _("keeping data whole"),
    "continuity": _("keeping the service up"),
    "incident": _("handling an incident"),
    "session": _("keeping your visit together"),
    "age_check": _("checking an age"),
    "site_admin": _("running the site"),
    "site_analytics": _("counting visits"),
    "site_improvement": _("making the site better"),
    "survey": _("a survey"),
    "newsletter": _("the newsletter"),
    "advertising": _("adverts"),
    "advertising_onsite": _("adverts on our site"),
    "advertising_offsite": _("adverts on other sites"),
    "statistics": _("counts that name nobody"),
    "other": _("another aim"),
    "service": _("our services"),
    "medical_assistance": _("medical help"),
    "security_assistance": _("security help"),
}

DATA: Final = {
    "name": pgettext("own data", "name"),
    "gender": _("gender"),
    "birth_date": _("date of birth"),
    "birth_year": _("year of birth"),
    "nationality": _("nationality"),
    "member_id": _("member number"),
    "travel_document": _("travel document"),
    "photo": _("photo"),
    "postal_address": _("postal address"),
    "phone_home": _("private telephone"),
    "phone_work": _("work telephone"),
    "email": _("e-mail address"),
    "language": _("language"),
    "family_status": _("family status"),
    "dependants": _("family covered with you"),
    "next_of_kin": _("the person you named"),
    "nominee_phone": _("telephone of the person you named"),
    "employer": _("employer"),
    "industry_sector": _("line of business"),
    "mobility_status": _("posting"),
    "entitlement": _("cover"),
    "cover_status": _("whether you are covered"),
    "scheme": _("scheme"),
    "payer": _("who pays"),
    "policy_number": _("policy number"),
    "destinations": _("destinations"),
    "itinerary": _("itinerary"),
    "accommodation": _("lodging"),
    "case_log": _("notes of a case"),
    "call_metadata": _("times of calls"),
    "event_location": _("where you are in an emergency"),
    "order": _("order"),
    "payment": _("payment"),
    "session_id": _("number of a visit"),
    "device": _("device"),
    "browse": _("pages visited"),
    "ad_interest": _("interests for adverts"),
    "newsletter": _("newsletter wishes"),
    "cookie_choice": _("choice of cookies"),
    "consent_choice": _("your choices"),
    "survey_answer": _("answers to a survey"),
    "complaint": _("complaint"),
    "enquiry": _("question"),
    "emergency_record": _("emergency record"),
    "allergies": _("allergies"),
    "blood_type": _("blood type"),
    "current_medicines": _("medicines"),
    "critical_conditions": _("critical conditions"),
    "treating_doctor_phone": _("your doctor's telephone"),
    "consultation": _("consultation"),
    "treatment_case": _("treatment"),
    "diagnosis": _("diagnosis"),
    "health_assessment": _("health check"),
    "report": _("medical report"),
    "prescription": _("prescription"),
    "mental_health": _("mental health"),
    "fitness_flag": _("fit to travel or not"),
    "mobility_need": _("help you need to move"),
    "diet_need": _("diet you need"),
    "live_location": _("where you are right now"),
    "call_recording": _("recording of a call"),
    "security_profile": _("what puts you at risk"),
    "religion_if_stated": _("religion, if you told us"),
    "aggregate": _("counts"),
    "anonymous": _("data that names nobody"),
    "analytics_event": _("coded traces of a visit"),
    "personal": _("your data"),
    "ordinary": _("everyday data"),
    "sensitive": _("sensitive data"),
    "medical": _("health data"),
    "medical_derived": _("notes of what you need"),
    "sensitive_other": _("sensitive data beside health"),
    "identity": _("who you are"),
    "contact": _("how to reach you"),
    "family": _("your family"),
    "work": _("your work"),
    "cover": _("all about your cover"),
    "travel": _("your trips"),
    "case": _("your cases"),
    "feedback": _("what you wrote to us"),
    "web": _("traces of your visits"),
    "preference": _("wishes"),
}

RECIPIENTS: Final = {
    "subject": _("you and those close to you"),
    "self": _("yourself"),
    "guardian": _("your guardian"),
    "nominee": _("the person you named"),
    "group": _("clinics and centres of our group"),
    "assistance_centre": _("another assistance centre of our group"),
    "clinic": _("a clinic of our group"),
    "remote_site": _("a remote site of our group"),
    "security_centre": _("a security centre of our group"),
    "shared_service": _("a shared service of our group"),
    "web_operator": _("those who run our site"),
    "provider": _("firms that work for us"),
    "provider.medical": _("firms that help treat you"),
    "provider.security": _("a security firm"),
    "provider.travel": _("a travel firm"),
    "provider.logistics": _("a transport firm"),
    "provider.tech": _("a firm that runs our machines"),
    "provider.survey": _("a survey firm"),
    "provider.ads": _("an advert firm"),
    "local_clinician": _("doctors near you"),
    "clinic_or_doctor": _("a clinic or doctor near you"),
    "hospital": _("a hospital near you"),
    "ambulance": _("an ambulance"),
    "payer": _("whoever pays"),
    "employer": _("your employer"),
    "employer_of_relative": _("a relative's employer"),
    "insurer": _("your insurer"),
    "medical_insurer": _("your health insurer"),
    "card_issuer": _("your card issuer"),
    "financial_institution": _("your bank"),
    "membership_body": _("your club or school"),
    "other_purchaser": _("whoever bought your cover"),
    "client": _("the client that sent your data"),
    "client_as_controller": _("the client that sent your data"),
    "peer": _("other help companies"),
    "assistance_company": _("another help company"),
    "authority": _("the state"),
    "emergency_local": _("local rescue services"),
    "health": _("a health authority"),
    "police_or_court": _("the police or a court"),
    "consular": _("a consulate"),
    "data_protection": _("a data protection authority"),
    "other_state": _("another state body"),
}

TOOLS: Final = {
    "adequacy": _("a country with laws found as strict as yours"),
    "bcr": _("the binding rules of our group"),
    "scc": _("standard contract clauses"),
    "local_contract": _("a contract under local law"),
    "certification": _("a certificate"),
    "explicit_consent": _("your own yes"),
    "vital_derogation": _("danger to life"),
    "none": _("none on record"),
}


def _name(names: Mapping[str, Promise], word: str) -> str:
    return str(names.get(word, word))


def role(word: str) -> str:
    return _name(ROLES, word)


def action(word: str) -> str:
    """What was done, as a past tense."""
    return _name(ACTIONS, word)


def verb(word: str) -> str:
    """What may be done."""
    return _name(VERBS, word)


def purpose(word: str) -> str:
    return word.removeprefix("other.").replace("_", " ") if word.startswith("other.") else _name(PURPOSES, word)


def data(word: str) -> str:
    return _name(DATA, word)


def recipient(word: str) -> str:
    return _name(RECIPIENTS, word)


def tool(word: str) -> str:
    return _name(TOOLS, word)


def channel(word: str) -> str:
    return _name(CHANNELS, word)


def all_data(words: Iterable[str]) -> list[str]:
    return [data(word) for word in words]
