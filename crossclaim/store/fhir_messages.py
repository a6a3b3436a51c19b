"""What FHIR messages say beyond their submissions: sealed, added and never changed."""

from __future__ import annotations

import hashlib

from crossclaim.domain.errors import Conflict
from crossclaim.security.keyring import Keyring
from crossclaim.store.connection import Connection
from crossclaim.store.session import Database

PURPOSE = "fhir_message"
"""The field under which a message is sealed."""
_NEWEST = """
select distinct on (about) about, sha256 from fhir_message
where episode_id = %(episode)s and organisation_id = %(org)s order by about, id desc
"""
_ADD = """
insert into fhir_message (episode_id, organisation_id, about, sha256, sealed)
values (%(episode)s, %(org)s, %(about)s, %(sha256)s, %(sealed)s)
"""


class SqlFhirMessages:
    """The API's side: rows of the sender's own organisation alone."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring

    def keep(self, organisation: str, episode_id: str, resources: dict[str, bytes]) -> None:
        """A claim is what was first sent; of the rest the newest counts. Raises ``Conflict``."""
        with self._database.begin(organisation) as connection:
            asked = {"episode": episode_id, "org": organisation}
            known = {row.about: row.sha256 for row in connection.execute(_NEWEST, asked).all()}
            for about, plain in resources.items():
                sha256 = hashlib.sha256(plain).hexdigest()
                if known.get(about) == sha256:
                    continue
                if about in known and about.startswith("Claim/"):
                    raise Conflict("this claim was sent before with other elements")
                self._add(connection, {**asked, "about": about, "sha256": sha256}, plain)

    def _add(self, connection: Connection, row: dict[str, object], plain: bytes) -> None:
        sealed = self._keyring.encrypt(str(row["episode"]), plain, PURPOSE)
        connection.execute(_ADD, {**row, "sealed": sealed})
