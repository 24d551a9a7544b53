"""Who the clients' people are: how many, of which locales, how old, posted where, with or without families."""

from dataclasses import dataclass
from typing import Final

from amanat.rosters.rows import Relation


@dataclass(frozen=True)
class Home:
    country: str
    language: str


HOME: Final = {
    "en-GB": Home("GB", "en"),
    "fr-FR": Home("FR", "fr"),
    "de-CH": Home("CH", "de"),
    "bg-BG": Home("BG", "bg"),
    "el-GR": Home("GR", "el"),
    "ar-AE": Home("AE", "ar"),
    "he-IL": Home("IL", "he"),
    "hi-IN": Home("IN", "hi"),
    "th-TH": Home("TH", "th"),
    "zh-HK": Home("HK", "zh-Hant"),
    "ja-JP": Home("JP", "ja"),
    "ko-KR": Home("KR", "ko"),
}


@dataclass(frozen=True)
class Population:
    """`share` is in thousandths of all members; `ages` are lowest, highest and most frequent."""

    client: str
    prefix: str
    share: int
    relation: Relation
    families: bool
    locales: tuple[str, ...]
    postings: tuple[str, ...]
    ages: tuple[int, int, int]
    sector: str
    schemes: tuple[str, ...]


def _population(  # noqa: PLR0913 - one line of a table
    client: str, prefix: str, share: int, relation: Relation, *, families: bool, locales: str, postings: str,
    ages: tuple[int, int, int], sector: str, schemes: str,
) -> Population:  # fmt: skip
    return Population(
        client, prefix, share, relation, families, tuple(locales.split()), tuple(postings.split()), ages, sector,
        tuple(schemes.split()),
    )  # fmt: skip


# The locales of Borealis Freight and Lantern Wells have names that Windows-1252 can write.
POPULATIONS: Final = (
    _population(
        "oryx-energy", "ORX", 200, Relation.EMPLOYEE, families=True, locales=" ".join(HOME),
        postings="CH AE BR AU SG ZA", ages=(21, 66, 38), sector="energy", schemes="oryx-global oryx-travel",
    ),
    _population(
        "borealis-freight", "BOR", 150, Relation.EMPLOYEE, families=True, locales="de-CH fr-FR en-GB",
        postings="DE NL SG HK US", ages=(19, 65, 41), sector="transport", schemes="borealis-crew",
    ),
    _population(
        "northmark-service", "NFS", 125, Relation.EMPLOYEE, families=True, locales="en-GB el-GR hi-IN zh-HK ar-AE",
        postings="AU JP KE ID GR", ages=(24, 66, 44), sector="public administration", schemes="northmark-posting",
    ),
    _population(
        "lantern-wells", "LWR", 75, Relation.EMPLOYEE, families=True, locales="fr-FR en-GB de-CH",
        postings="FR KE NG TH PH", ages=(23, 64, 34), sector="humanitarian aid", schemes="lantern-field",
    ),
    _population(
        "halcyon-assurance", "HPA", 175, Relation.BENEFICIARY, families=True,
        locales="en-GB he-IL el-GR bg-BG hi-IN", postings="GB ES PT IL BG", ages=(18, 82, 47),
        sector="insurance", schemes="halcyon-traveller halcyon-family",
    ),
    _population(
        "plum-card", "PBC", 150, Relation.BENEFICIARY, families=False, locales="zh-HK th-TH hi-IN en-GB ko-KR",
        postings="SG HK TH MY", ages=(21, 78, 43), sector="financial services", schemes="plum-platinum",
    ),
    _population(
        "summit-league", "LSW", 75, Relation.MEMBER_OF, families=False, locales="ja-JP ko-KR fr-FR bg-BG",
        postings="JP NZ CH", ages=(18, 79, 52), sector="leisure", schemes="summit-rescue",
    ),
    _population(
        "harbourlight", "HIU", 50, Relation.MEMBER_OF, families=False,
        locales="ar-AE he-IL th-TH en-GB ko-KR ja-JP", postings="US GB", ages=(18, 31, 21),
        sector="education", schemes="harbourlight-abroad",
    ),
)  # fmt: skip
