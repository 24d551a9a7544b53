"""A record as it is sealed: compressed against words that every record is made of. What it commits to stays the record.

The first byte says the form: `{` is a record as it is, as the first entries have it; 1 is compressed against `_WORDS`.
Those words are part of what was sealed: they are never changed, and other words would be another form.
"""

import zlib
from functools import lru_cache
from typing import Final

from amanat.errors import IntegrityError

_FORM: Final = b"\x01"
_PLAIN: Final = b"{"
_LONGEST: Final = 1 << 20
# The most usual words last: what is near costs least to point at.
_WORDS: Final = (
    b'"in_force":"","stale":[{"statement":"","without_newer":[],"without_older":null}]"glass":{"reason":"","order":true,"tool":"scc",'
    b'"k":25,"minor":true,"guardian_for":true,"attested_source":true,"agreement":"live","agreement_terms":["our_directions",'
    b'"purpose_bound","secrecy"],"choices":["share_medical","employer_updates","newsletter"],"contexts":["case","emergency"],'
    b'"recipient":"employer","recipient_country":"","organisation":"","channel":"e_mail","web_account","phone","purpose":'
    b'"assistance","billing","case_coordination","contact","emergency_care","rights_fulfilment","service_message","treatment",'
    b'"action":"collect","contact","correct","disclose","erase","receive","store","transfer","use","actor":"billing_clerk",'
    b'"claims_handler","client_admin","clinician","member","privacy_officer","web_system","relation":"dependant_of",'
    b'"private_client_of","outcome":"ask","deny","clauses":["1.1","2.1","3.2","4.3","5.1","6.12","7.2","8.3","8.4","9.2"],'
    b'"needs":["identity:proven","consent:"],["email","email"],["phone","phone"],["residence","residence"],'
    b'["itinerary","itinerary"],["diagnosis","diagnosis"],["medication","medication"],["report","report"],["allergies","allergies"],'
    b'["passport","passport"],["policy_number","entitlement"],["nationality","nationality"],["language","language"],'
    b'{"clauses":["6.1a","6.1b","6.5"],"format":1,"needs":[],"obligations":["log","cite"],"outcome":"permit",'
    b'"overlays":[["bcr:group",""],["law:EU",""],["policy:data-protection",""]],"requests":[{"action":"view",'
    b'"actor":"assistance_coordinator","age":18,"company":"CH","country":"CH","facts":{"entitlement":true,"identity":"proven",'
    b'"platform_failures":["case"]},"host":"own","items":[["name","name"],["birth_year","birth_date"],'
    b'["cover_status","entitlement"]],"purpose":"eligibility","relation":"employee_of"}],"statement":"",'
    b'"verdicts":[["name","permit",["6.1b","6.5"]],["birth_year","permit",["6.1b","6.5"]],["cover_status","permit",["6.1b","6.5"]]]}'
)


@lru_cache(maxsize=1024)
def pack_record(record: bytes) -> bytes:
    """The bytes to seal. People with equal facts share a record, so it is compressed once for a page."""
    if not record.startswith(_PLAIN):
        raise IntegrityError("a record that is no object cannot be told from a packed one")
    shrink = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=_WORDS)
    return _FORM + shrink.compress(record) + shrink.flush()


def unpack_record(sealed: bytes) -> bytes:
    """The record, in whichever form it was sealed."""
    if sealed.startswith(_PLAIN):
        return sealed
    if not sealed.startswith(_FORM):
        raise IntegrityError("a record was sealed in a form that this version does not know")
    expand = zlib.decompressobj(-15, zdict=_WORDS)
    try:
        record = expand.decompress(sealed[1:], _LONGEST)
    except zlib.error as error:
        raise IntegrityError("a sealed record cannot be expanded") from error
    if not expand.eof or expand.unused_data:
        raise IntegrityError("a sealed record ends too early or too late")
    return record
