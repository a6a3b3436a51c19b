"""The files that an organisation sends: what each kind is called, and the columns it has."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from crossclaim.domain import bill_file, claim_file, episode_file


class ImportFile(NamedTuple):
    """A kind of file. ``columns`` in the order of its template."""

    columns: Sequence[str]
    optional: Collection[str]


IMPORT_FILES: Mapping[str, ImportFile] = MappingProxyType(
    {
        "episodes": ImportFile(episode_file.COLUMNS, episode_file.OPTIONAL),
        "bills": ImportFile(bill_file.COLUMNS, bill_file.OPTIONAL),
        "claims": ImportFile(claim_file.COLUMNS, claim_file.OPTIONAL),
    }
)
