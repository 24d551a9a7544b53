"""Why each check is made: one line per code, printed below a finding. Lints add theirs here."""

from collections.abc import Mapping
from typing import Final

WHY: Final[Mapping[str, str]] = {
    "S001": "a file without bounds could keep a reader busy for ever",
    "S002": "decisions cite the name and the version of the statement they were made under",
    "S003": "decisions cite the name and the version of the statement they were made under",
    "S004": "a line without bounds could keep a reader busy for ever",
    "S005": "what follows an open block would be read as rules, or not at all",
    "S006": "people and decisions find a clause by its id",
    "S007": "an id that stands twice cites neither clause",
    "S008": "a rule belongs to the words that the public reads above it",
    "S009": "text in a block that nobody reads would look like a rule and be none",
    "S010": "what the eye sees and what the program reads must be the same letters",
    "S011": "mending the first findings often mends the rest",
    "R001": "every line of a rule is read or refused, for a line passed over could open something",
    "R002": "a rule about no action says nothing",
    "R003": "a rule about no data says nothing",
    "R004": "a requirement that asks for nothing stops nothing",
    "R005": "such a condition can never hold, so the rule would be dead",
    "R006": "by default nothing is permitted; only what is left open can stand there",
    "R007": "decisions and reviews find a rule by its id",
    "R008": "a line that is passed over would look like a rule and be none",
    "R009": "where nothing moves there is no recipient, sender or channel to ask about",
    "R010": "a no of a person may close, and must never open",
    "R011": "asking for less must never be the worse request",
    "R012": "a declaration without these lines declares nothing",
    "R013": "one service cannot both stop and go on",
    "L02": "what the public reads and what is enforced must be the same",
    "L05": "an example shows what the clause does, and is run each time it is compiled",
    "K001": "every case starts from the world, so it must be read in full",
    "K002": "a case that is not read shows nothing",
    "K003": "the words, the rules and the examples of a clause must agree",
    "K004": "the clause that a case names must be the one that decided it",
}
