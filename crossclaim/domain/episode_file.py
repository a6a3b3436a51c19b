"""A batch file of episodes: one coverage a row, and what stands above it repeated.

Rows of one episode have its visit number and may stand in any order. Consents stand in one cell,
``TYPE`` or ``TYPE:recipient``, parted by semicolons; they were signed together. Everything beyond
columns and rows that contradict each other is judged by the API.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from crossclaim.domain.row_members import (
    cell_of,
    column_of,
    contradictions,
    members_of,
    unnumbered,
)
from crossclaim.domain.table_file import FileRow, Placed, Table

_EPISODE = {
    "hospital": "hospital",
    "encounter_class": "visit/encounter_class",
    "department": "visit/department",
    "channel": "visit/channel",
    "service": "visit/service",
    "planned_admission": "visit/planned_admission",
    "planned_nights": "visit/planned_nights",
    "guarantee_requested_at": "visit/guarantee_requested_at",
    "patient_name_en": "patient/name/en",
    "patient_name_zh": "patient/name/zh",
    "birth_date": "patient/birth_date",
    "mobile": "patient/mobile",
    "document_type": "patient/documents/0/type",
    "document_number": "patient/documents/0/number",
    "document_2_type": "patient/documents/1/type",
    "document_2_number": "patient/documents/1/number",
    "diagnosis": "diagnoses/0/code",
    "estimate": "estimate",
}
_CONSENT = ("consents", "consents_text_version", "consents_signed_at", "consents_channel")
_COVERAGE = {
    "funder": "funder",
    "organisation": "organisation",
    "plan": "plan",
    "policy_number": "policy_number",
}
VISIT = "visit_number"
COLUMNS = (VISIT, *_EPISODE, *_CONSENT, *_COVERAGE)
"""In the order of the template. Amounts are CNY; a moment has its offset, as in ISO 8601."""
_NEEDED = frozenset(
    {
        *(VISIT, "hospital", "encounter_class", "department", "channel", "birth_date"),
        *("document_type", "document_number", "funder", *_CONSENT),
    }
)
OPTIONAL = frozenset(COLUMNS) - _NEEDED
_AMOUNTS, _WHOLES = frozenset({"estimate"}), frozenset({"planned_nights"})
_COVERAGE_POINTER = re.compile(r"/coverages/(\d+)(?:/(.*))?")


class FileEpisode(NamedTuple):
    """One episode of the file. ``body`` is for ``POST /v1/episodes``; unusable with ``faults``."""

    number: str
    rows: list[int]
    body: dict[str, Any]
    faults: list[Placed]

    def place(self, pointer: str) -> tuple[int, str]:
        """Row and column of what a JSON pointer of the body means."""
        coverage = _COVERAGE_POINTER.fullmatch(pointer)
        if coverage is not None and int(coverage[1]) < len(self.rows):
            return self.rows[int(coverage[1])], column_of(_COVERAGE, coverage[2] or "")
        if pointer.startswith("/consents"):
            return self.rows[0], "consents"
        if pointer == "/visit/number":
            return self.rows[0], VISIT
        return self.rows[0], column_of(_EPISODE, pointer.removeprefix("/"))


def episodes_of(table: Table) -> list[FileEpisode]:
    """The episodes in the order of their first rows, each with what is wrong with its rows."""
    found: dict[str, list[FileRow]] = {}
    for row in table.rows:
        found.setdefault(cell_of(row.cells, VISIT), []).append(row)
    return [_episode(visit, rows, table) for visit, rows in found.items()]


def _episode(visit: str, rows: list[FileRow], table: Table) -> FileEpisode:
    faults = [*unnumbered(rows, [VISIT]), *table.faults_of({row.at for row in rows})]
    faults += contradictions(rows, [*_EPISODE, *_CONSENT], "episode")
    first = rows[0].cells
    body = members_of(first, _EPISODE, amounts=_AMOUNTS, wholes=_WHOLES)
    body.setdefault("visit", {})["number"] = visit
    for one in body.setdefault("diagnoses", []):
        one["system"] = "icd-10"
    body["coverages"] = [members_of(row, _COVERAGE, amounts=(), wholes=()) for _, row in rows]
    body["consents"] = _consents(rows[0])
    return FileEpisode(visit, [at for at, _ in rows], body, faults)


def _consents(row: FileRow) -> list[dict[str, Any]]:
    """All signed at once, each with its recipient where it names one."""
    types, *about = (cell_of(row.cells, column) for column in _CONSENT)
    version, signed_at, channel = about
    found = []
    for one in filter(None, (part.strip() for part in types.split(";"))):
        kind, _, recipient = one.partition(":")
        consent = {"type": kind.strip(), "text_version": version, "signed_at": signed_at}
        consent["channel"] = channel
        if recipient.strip():
            consent["recipient"] = recipient.strip()
        found.append(consent)
    return found
