"""From facts to requests: what the decider is asked about one person, and the transfer that a look from abroad is.

Every fact a rule can ask for is filled in here, from scene and person alone; what is not on record counts as absent.
"""

from collections.abc import Sequence
from dataclasses import replace

from amanat.custody.actor import Actor
from amanat.custody.facts import Ask, Mandate, Person, Recipient, Scene
from amanat.policy.request import Facts, Glass, Request, item, purpose_of
from amanat.vault.folders import FOLDER_OF
from amanat.vocabulary.law import EUROPEAN_ORIGIN
from amanat.vocabulary.terms import CATEGORY, PROFILE, RECIPIENT_KIND, ROLE

_STAFF = set(ROLE.leaves_in(ROLE.mask_of("staff")))
_CARING = set(ROLE.leaves_in(ROLE.mask_of("caring")))


def requests_for(actor: Actor, scene: Scene, person: Person, ask: Ask) -> tuple[Request, ...]:
    """The requests that must all permit: the act itself and, from another company, the transfer that it is."""
    main = _request(actor, scene, person, ask)
    if actor.company == person.company or actor.role not in _STAFF or main.action in ("correct", "restrict", "erase"):
        return (main,)
    return (main, _viewing_abroad(main, scene, person))


def _viewing_abroad(main: Request, scene: Scene, person: Person) -> Request:
    """Seen from the person's company, a sister company that looks receives."""
    tool = _tool(scene.tools, person.residence, person.home, scene.country)
    failures = main.facts.platform_failures | (frozenset() if scene.bound else {"bound"})
    facts = replace(main.facts, tool=tool, platform_failures=failures)
    return replace(
        main, company=person.home, action="transfer", recipient="assistance_centre", recipient_country=scene.country,
        source=None, facts=facts, choices=choices_towards(person.choices, Recipient("assistance_centre")),
    )  # fmt: skip


def _request(actor: Actor, scene: Scene, person: Person, ask: Ask) -> Request:
    purpose, other = purpose_of(ask.purpose)
    recipient = ask.recipient if ask.recipient and _is_told_as_on_record(ask.recipient, scene) else None
    items = tuple(item(word) for word in ask.words)
    there = (scene.other_country or recipient.country) if recipient else None
    case = [one for one in person.mandates if one.kind in ("case", "glass")]
    relation = _relation(person)
    return Request(
        actor=_role(actor, person, relation),
        company=scene.country,
        action=ask.action,
        items=items,
        relation=relation,
        age=None if person.minor else 18,
        minor=person.minor,
        country=person.residence,
        choices=choices_towards(person.choices, recipient),
        recipient=recipient.leaf if recipient else None,
        recipient_country=there,
        source=ask.source if _is_source_on_record(actor, ask, scene) else None,
        purpose=purpose,
        other=other,
        channel=ask.channel or None,
        contexts=frozenset(context for one in case for context in one.contexts),
        facts=Facts(
            agreement=scene.agreement,
            agreement_terms=scene.terms,
            tool=_tool(scene.tools, person.residence, scene.country, there),
            attested_source=scene.attested,
            order=person.holds("order") is not None,
            entitlement=person.entitled,
            guardian_for=person.holds("guardian") is not None,
            identity="proven" if actor.subject == person.subject or actor.role in _STAFF else "none",
            glass=_glass(actor, person, ask),
            platform_failures=_platform_failures(actor, scene, person, ask, recipient),
        ),
    )


def _is_told_as_on_record(recipient: Recipient, scene: Scene) -> bool:
    """A named organisation is told only as what it is on record as; called anything else, it is nobody."""
    return not recipient.organisation or _fits(recipient.leaf, scene.other_kind)


def _is_source_on_record(actor: Actor, ask: Ask, scene: Scene) -> bool:
    """What came from a client or firm of ours came from what that is; who speaks for a client speaks for no other."""
    speaks_for = {None, "", ask.source_organisation}
    return (scene.source_kind is None or _fits(ask.source, scene.source_kind)) and actor.organisation in speaks_for


def _fits(claim: str | None, kind: str | None) -> bool:
    """Whether an organisation on record as `kind` may be called `claim`.

    Whoever pays is also the client who answers for its own data, and the employer of one is that of another's relative.
    """
    called, known = RECIPIENT_KIND.get(claim or ""), RECIPIENT_KIND.get(kind or "")
    as_payer = called == "client" or (claim, kind) == ("employer_of_relative", "employer")
    return kind is not None and (kind in (claim, called) or (known == "payer" and as_payer))


def _role(actor: Actor, person: Person, relation: str) -> str | None:
    """Persons act for themselves (a dependant in their own name) or as proven guardians; others are nobody here.

    A provider's user is somebody only to a person whom a grant of theirs names.
    """
    if actor.role == "provider_user" and not person.holds("grant"):
        return None
    if actor.subject is None:
        return actor.role
    if actor.subject == person.subject:
        return "dependant" if relation == "dependant_of" else "member"
    return "guardian" if person.holds("guardian") else None


def _relation(person: Person) -> str:
    return person.relations[0][0] if person.relations else "unknown"


def choices_towards(choices: Sequence[str], recipient: Recipient | None) -> frozenset[str]:
    """Choices in force towards one recipient; those naming another are left out.

    After the @ stands an organisation, a kind of recipient, or `self`: for use among us, with nobody else told.
    """
    here = {"", recipient.organisation, recipient.leaf, RECIPIENT_KIND.get(recipient.leaf, "")} if recipient else _OWN
    split = (choice.partition("@") for choice in choices)
    return frozenset(choice for choice, _, named in split if named in here)


_OWN = {"", "self"}


def _tool(tools: Sequence[tuple[str, str, str]], residence: str, company: str, destination: str | None) -> str:
    """The transfer tool on record from where the data leaves to where it goes."""
    origins = (residence, company) if residence != destination else (company, residence)
    by_route = {(origin, to): tool for origin, to, tool in tools}
    routes = ((origin, destination or "") for origin in origins)
    return next((by_route[route] for route in routes if route in by_route), "none")


def _glass(actor: Actor, person: Person, ask: Ask) -> Glass | None:
    mandate = person.holds("glass")
    if mandate is None:
        return None
    return Glass(
        case_open=any(one.kind == "case" and "emergency_medical" in one.contexts for one in person.mandates),
        role_ok=actor.role in _CARING,
        impracticable=mandate.proof.get("impracticable") is True,
        minimum_only=all(word in PROFILE["emergency_minimum"] for word in ask.words),
        reason=str(mandate.proof.get("reason", "")),
        refusal_on_record=mandate.proof.get("refusal_on_record") is not False or (mandate.refused and not person.minor),
    )


_SENSITIVE = CATEGORY.mask_of("sensitive")
_CASE_KINDS = {"case", "glass", "grant"}
_NOTED = frozenset(leaf for leaf, folder in FOLDER_OF.items() if folder == "case")


def _platform_failures(
    actor: Actor, scene: Scene, person: Person, ask: Ask, recipient: Recipient | None
) -> frozenset[str]:
    """Which of the facts that the platform answers for do not hold."""
    sensitive = any(item(word).bit & _SENSITIVE for word in ask.words)
    staff = actor.role in _STAFF and actor.account is not None
    checks = {
        "graph": not staff or scene.role == actor.role,
        "training": not staff or not sensitive or "medical" in scene.trained,
        "case": any(_is_for(one, ask) for one in person.mandates),
        "comparable": scene.comparable is None or not sensitive or "medical" in scene.comparable,
        "registered": scene.registered,
        "bound": _bound(scene, person, recipient),
    }
    return frozenset(name for name, holds in checks.items() if not holds)


def _is_for(mandate: Mandate, ask: Ask) -> bool:
    """Whether a mandate is a case that this look belongs to. What was noted in one case opens in that case alone."""
    noted = any(item(word).leaf in _NOTED for word in ask.words)
    return mandate.kind in _CASE_KINDS and (not noted or mandate.record in (None, ask.record))


def _bound(scene: Scene, person: Person, recipient: Recipient | None) -> bool:
    """Data of European origin moves inside the group under the rules only between bound companies (1.2)."""
    if recipient is None or person.residence not in EUROPEAN_ORIGIN:
        return True
    return scene.bound and scene.other_bound
