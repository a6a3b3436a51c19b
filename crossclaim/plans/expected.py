"""One allowed key of a plan, and the words that more than one funder's plans use."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import NamedTuple

from crossclaim.domain.non_medical import NON_MEDICAL
from crossclaim.domain.plan import Unit
from crossclaim.domain.sentences import Reason
from crossclaim.domain.submission import ChargeCategory, EncounterClass

CATEGORIES = frozenset(c.value for c in ChargeCategory) - {c.value for c in NON_MEDICAL}
"""Medical care: no plan of a funder may name anything else."""
CHANNELS = frozenset({"voucher_dedicated", "international", "ordinary"})
ENCOUNTERS = frozenset(c.value for c in EncounterClass)
EXCLUDED = frozenset(r.value for r in Reason if r.value.startswith("EXCLUDED_"))
TERMS = frozenset({"(terms)"})
"""The words are those of the file's own ``terms``."""
BENEFITS = frozenset({"(benefits)"})
"""The words are the benefits of the file that are not a share themselves."""


class Expected(NamedTuple):
    """One allowed key. ``words``: allowed codes; ``names``: what the ``*`` may be."""

    pattern: str
    units: tuple[Unit, ...]
    words: frozenset[str] | None = None
    names: frozenset[str] | None = None
    required: bool = False

    def fits(self, key: str) -> bool:
        parts, wanted = key.split("."), self.pattern.split(".")
        return len(parts) == len(wanted) and all(
            fnmatchcase(part, want) for part, want in zip(parts, wanted, strict=True)
        )

    def name_in(self, key: str) -> str:
        """The part of a key that stands for the last ``*``."""
        pairs = zip(key.split("."), self.pattern.split("."), strict=True)
        return [part for part, want in pairs if want == "*"][-1]
