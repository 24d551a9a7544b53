"""What an erased person keeps: a signed note that says what was erased, when, by which decision, and what is left.

It is signed with the key of the company's log, so whoever can check a receipt can check this, and it names the line of
the erasure list that no later backup can bring back. It holds a pseudonym and no personal value.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from amanat.custody.erasing import Erased
from amanat.database.home import Home
from amanat.ledger.signing import begin_log
from amanat.merkle.note import NoteError, VerifierKey, open_note, sign_note

BACKUPS_KEPT: Final = timedelta(days=30)
_TITLE: Final = "amanat erasure 1"


def proof_of_erasure(home: Home, erased: Erased) -> str:
    """The file that the person keeps."""
    signer = begin_log(home, erased.company)
    told = {
        "log": signer.name,
        "person": erased.subject,
        "decision": erased.act,
        "erased": erased.at.isoformat(),
        "line": erased.mark.count,
        "list": f"{erased.mark.list} {erased.mark.digest}",
        # The coarse facts that older backups hold in clear go with these backups.
        "last backup gone by": (erased.at + BACKUPS_KEPT).date().isoformat(),
    }
    return sign_note("".join(f"{line}\n" for line in (_TITLE, *(f"{key}: {told[key]}" for key in told))), signer)


def verify_erasure(proof: str, keys: Iterable[VerifierKey]) -> Mapping[str, str]:
    """What a proof says. Raises `NoteError` unless the log it names, whose key is known here, signed exactly this."""
    text, signed_by = open_note(proof, keys)
    title, *lines = text.splitlines()
    told = dict(line.split(": ", 1) for line in lines if ": " in line)
    if title != _TITLE or told.get("log") not in {key.name for key in signed_by}:
        raise NoteError("this is no proof of an erasure")
    return told
