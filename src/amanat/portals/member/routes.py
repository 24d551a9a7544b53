"""What the member audience can reach."""

from amanat.portals.member import choices, erasing, home, receipts, record, seen
from amanat.portals.routes import SIGNED_IN, Audience, Route
from amanat.portals.sign_in import routes_for
from amanat.rights.erasing import EVERYTHING
from amanat.vocabulary.needs import Need

_RIGHTS = "rights_fulfilment"
_CARD = Need("view", _RIGHTS, ("name", "policy_number", "cover_status", "language"))
_RECORD = Need("view", _RIGHTS, ("emergency_record", "next_of_kin"))
_LOOK = Need("view", _RIGHTS, ("consent_choice",))
_ANSWER = Need("collect", _RIGHTS, ("consent_choice",))
_WRITE = (
    Need("collect", "emergency_record", ("emergency_record",)), Need("correct", _RIGHTS, ("next_of_kin",)), _ANSWER,
    _RECORD,
)  # fmt: skip
_ERASE = Need("erase", _RIGHTS, EVERYTHING)
_CHOOSE = (_ANSWER, _LOOK)
_RECEIPT = "receipts/<uuid:record>/"
_ENTRY = "seen/<uuid:act>/"

ROUTES: tuple[Route, ...] = (
    *routes_for(Audience.MEMBER),
    Route("", home.home, "home", Audience.MEMBER, {"GET": _CARD}),
    Route("record/", record.record, "record", Audience.MEMBER, {"GET": _RECORD, "POST": _WRITE}),
    Route("choices/", choices.board, "choices", Audience.MEMBER, {"GET": _LOOK}),
    Route("choices/<slug:choice>/", choices.change, "choice", Audience.MEMBER, {"GET": _LOOK, "POST": _CHOOSE}),
    Route("erase/", erasing.erase, "erase", Audience.MEMBER, {"GET": SIGNED_IN, "POST": _ERASE}),
    Route(_RECEIPT, receipts.receipt, "receipt", Audience.MEMBER, {"GET": _LOOK}),
    Route(f"{_RECEIPT}receipt.json", receipts.as_file, "receipt_file", Audience.MEMBER, {"GET": _LOOK}),
    Route("seen/", seen.seen, "seen", Audience.MEMBER, {"GET": _LOOK}),
    Route("seen/borders/", seen.borders, "borders", Audience.MEMBER, {"GET": _LOOK}),
    Route(_ENTRY, seen.entry, "entry", Audience.MEMBER, {"GET": _LOOK}),
    Route(f"{_ENTRY}proof/", seen.proof, "proof", Audience.MEMBER, {"GET": _LOOK}),
    Route(f"{_ENTRY}check/", seen.check, "check", Audience.MEMBER, {"GET": _LOOK}),
)
