"""The reference: hospitals, insurers, texts, rates and policies, sealed under the system key."""

from __future__ import annotations

from crossclaim.domain.consent_wording import WordingRead, digest_of
from crossclaim.domain.errors import CrossclaimError
from crossclaim.domain.reference import ConsentText, Reference
from crossclaim.domain.submission import ConsentType
from crossclaim.security.data_key import SYSTEM
from crossclaim.security.keyring import Keyring
from crossclaim.store.connection import Connection
from crossclaim.store.session import Database

_ID = "reference"


def save_reference(database: Database, keyring: Keyring, reference: Reference) -> None:
    """Stores a reference and its organisations; a second call replaces the reference."""
    sealed = keyring.encrypt(SYSTEM, reference.model_dump_json().encode(), _ID)
    organisations = [
        *(
            {
                "id": h.id,
                "kind": "hospital",
                "name": h.name.en,
                "zh": h.name.zh_hant,
                "region": h.region,
            }
            for h in reference.hospitals
        ),
        *(
            {
                "id": i.id,
                "kind": "insurer",
                "name": i.name.en,
                "zh": i.name.zh_hant,
                "region": i.region,
            }
            for i in reference.insurers
        ),
    ]
    with database.begin() as connection:
        connection.execute_each(
            """
            insert into organisation (id, kind, name, name_zh, region)
            values (%(id)s, %(kind)s, %(name)s, %(zh)s, %(region)s)
            on conflict (id) do update set name = excluded.name, name_zh = excluded.name_zh,
                region = excluded.region
            """,
            organisations,
        )
        connection.execute_each(
            """
            insert into transfer_text (version, destination)
            values (%(version)s, %(destination)s)
            on conflict (version) do update set destination = excluded.destination
            """,
            [
                {"version": text.version, "destination": reference.destination_of(text)}
                for text in reference.consent_texts
                if text.type is ConsentType.PI_CROSS_BORDER
            ],
        )
        _keep_texts(connection, reference)
        connection.execute(
            """
            insert into reference_document (id, sealed) values (%(id)s, %(sealed)s)
            on conflict (id) do update set sealed = excluded.sealed, loaded_at = now()
            """,
            {"id": _ID, "sealed": sealed},
        )


def _keep_texts(connection: Connection, reference: Reference) -> None:
    """Digests of the texts that are signed. Raises when a known version has another text now."""
    texts = [
        {"type": text.type.value, "version": text.version, "sha256": text.sha256}
        for text in reference.consent_texts
        if text.sha256 is not None
    ]
    connection.execute_each(
        "insert into consent_text (type, version, sha256)"
        " values (%(type)s, %(version)s, %(sha256)s) on conflict do nothing",
        texts,
    )
    rows = connection.execute("select type, version, sha256 from consent_text").all()
    known = {(row.type, row.version): row.sha256 for row in rows}
    for text in texts:
        if known[text["type"], text["version"]] != text["sha256"]:
            raise _changed(text["type"], text["version"])
    keep_wordings(connection, reference.consent_texts)


def _changed(kind: str, version: str) -> CrossclaimError:
    return CrossclaimError(
        f"the text {version} of {kind} is known with another content;"
        " a changed text is a new version",
        code="CONSENT_TEXT_CHANGED",
    )


def keep_wordings(connection: Connection, known: list[ConsentText]) -> None:
    """The words themselves, for as long as there are consents. Raises when they changed."""
    told = [
        {
            "type": text.type.value,
            "version": text.version,
            "language": language,
            "sha256": digest_of(wording),
            "text": wording,
            "example": text.text.example,
        }
        for text in known
        if text.text is not None
        for language, wording in text.text.by_language.items()
    ]
    connection.execute_each(
        "insert into consent_wording (type, version, language, sha256, wording, example)"
        " values (%(type)s, %(version)s, %(language)s, %(sha256)s, %(text)s, %(example)s)"
        " on conflict do nothing",
        told,
    )
    rows = connection.execute("select type, version, language, sha256 from consent_wording").all()
    kept = {(row.type, row.version, row.language): row.sha256 for row in rows}
    for one in told:
        if kept[one["type"], one["version"], one["language"]] != one["sha256"]:
            raise _changed(str(one["type"]), str(one["version"]))


def wordings_of(connection: Connection, kind: str, version: str) -> list[WordingRead]:
    """Every language of one version, of superseded ones too."""
    rows = connection.execute(
        "select language, sha256, wording as text, example from consent_wording"
        " where type = %(type)s and version = %(version)s order by language",
        {"type": kind, "version": version},
    ).mappings()
    return [WordingRead.model_validate(dict(row)) for row in rows]


def load_reference(database: Database, keyring: Keyring) -> Reference:
    """The stored reference. Raises a sentence with what to do when there is none."""
    with database.begin() as connection:
        sealed = connection.execute(
            "select sealed from reference_document where id = %(id)s", {"id": _ID}
        ).scalar_one_or_none()
    if sealed is None:
        raise CrossclaimError(
            "the database holds no reference data; run `crossclaim reference load FILE` first",
            code="REFERENCE_MISSING",
        )
    return Reference.model_validate_json(keyring.decrypt(SYSTEM, bytes(sealed), _ID))
