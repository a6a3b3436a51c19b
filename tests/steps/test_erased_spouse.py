"""Whoever gave vouchers to another is forgotten in that record too, and the record stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from activities import sending
from activities.orders import Subject
from activities.voucher_accounts import VoucherAccounts
from crossclaim import exchanges
from crossclaim.domain.money import hk_cents
from crossclaim.domain.party import SpouseAccount
from crossclaim.domain.submission import IdentityDocument, PersonName, SubmissionKind
from crossclaim.domain.voucher_submission import SpouseSubmission
from crossclaim.security.data_key import WrappedKey
from crossclaim.security.errors import KeyDestroyed, KeyMissing, Undecipherable
from crossclaim.security.keyring import Keyring
from crossclaim.security.keys import EpochKeystore
from crossclaim.stack import Stack
from crossclaim.store import intake_tables, voucher_tables
from crossclaim.store.sealed_columns import SEALED_COLUMNS
from tests.flows.hospital import Body
from tests.steps.erasing import AT, CANARY, IN_FORCE, OVER, Desk, erasing, new_hkid
from tests.steps.parties import SmallerBalance
from tests.steps.rig import Rig
from tests.unit.data_key_shelf import DataKeyShelf

SPOUSE = "OSTRICH Wilhelmina"
ACCOUNT = "va-ostrich-1"
Sealed = tuple[str, str, bytes]


@pytest.fixture(scope="module")
def desk(rig: Rig, stack: Stack) -> Iterator[Desk]:
    with erasing(rig, stack) as desk:
        yield desk


class Paired(SmallerBalance):
    """Tells what went out and came back, as the gateway does."""

    def find_pairing(
        self, account_id: str, spouse: SpouseSubmission, institution: str
    ) -> SpouseAccount | None:
        said = json.dumps({"document": spouse.document.number, "name": spouse.name.en}).encode()
        heard = json.dumps({"account": ACCOUNT}).encode()
        exchanges.note(exchanges.Exchanged("POST", "/pairings", 200, 1, said, heard))
        return SpouseAccount(
            account_id=ACCOUNT, balance=hk_cents(100_000), paired_on=date(2025, 9, 1)
        )


def paired_visit(desk: Desk, patient: IdentityDocument, spouse: IdentityDocument) -> str:
    """A closed episode in which the vouchers of somebody else were asked for."""
    episode = desk.visit(patient)
    rig = replace(desk.rig, world=replace(desk.rig.world, voucher=Paired()))
    rig._look_up(episode)
    other = SpouseSubmission(
        name=PersonName(en=SPOUSE), birth_date=date(1950, 1, 2), document=spouse
    )
    told = other.model_dump(mode="json", exclude_none=True)
    answer = rig.say(SubmissionKind.SPOUSE, told, episode)[1]
    assert answer.status == 201, answer.body
    order = Subject(episode_id=episode, subject=episode, at=AT)
    standing = VoucherAccounts(rig.world).look_up_spouse(order)
    told_to_the_engine = standing.model_dump_json()
    assert [one for one in particulars(spouse) if one in told_to_the_engine] == []
    desk.close(episode)
    return episode


def particulars(spouse: IdentityDocument) -> list[str]:
    return [SPOUSE, spouse.number, ACCOUNT]


def sealed_of(desk: Desk, episode: str) -> list[Sealed]:
    """(scope, field, bytes) of every sealed cell that names the episode, as a backup has them."""
    found: list[Sealed] = []
    for (table, column), field in SEALED_COLUMNS.items():
        about = "id" if table == "episode" else "episode_id"
        known = desk.select(
            "select 1 as x from information_schema.columns where table_schema = 'public'"
            " and table_name = %(table)s and column_name = %(about)s",
            table=table,
            about=about,
        )
        if known:
            rows = desk.select(
                f'select "{column}" as sealed from "{table}" where "{about}" = %(id)s', id=episode
            )
            found += [(episode, field, bytes(row["sealed"])) for row in rows if row["sealed"]]
    return found


def keys_of(desk: Desk, episode: str) -> list[tuple[str, WrappedKey]]:
    rows = desk.select(
        "select scope, key_id, epoch, wrapped from data_key where scope like %(like)s || '%%'"
        " and wrapped is not null",
        like=episode,
    )
    return [
        (
            str(row["scope"]),
            WrappedKey(
                key_id=str(row["key_id"]), epoch=str(row["epoch"]), wrapped=bytes(row["wrapped"])
            ),
        )
        for row in rows
    ]


def all_that_opens(desk: Desk, cells: list[Sealed], keys: list[tuple[str, WrappedKey]]) -> str:
    """What somebody reads who has these cells, these wrapped keys and every key file left."""
    keystore, told = EpochKeystore(desk.worker.settings.keystore_dir), []
    for epoch in keystore.epochs():
        for scope, key in keys:
            shelf = DataKeyShelf()
            shelf.create(scope, key.model_copy(update={"epoch": epoch}))
            keyring = Keyring(shelf, keystore)
            for record, field, sealed in cells:
                try:
                    told.append(keyring.decrypt(record, sealed, field).decode("utf-8", "replace"))
                except (KeyDestroyed, KeyMissing, Undecipherable):
                    continue
    return "\n".join(told)


def test_a_spouse_is_forgotten_in_the_patients_record_and_the_record_stays(desk: Desk) -> None:
    patient, spouse = new_hkid(), new_hkid()
    episode = paired_visit(desk, patient, spouse)
    cells, backup = sealed_of(desk, episode), keys_of(desk, episode)
    before = all_that_opens(desk, cells, backup)
    assert [one for one in [*particulars(spouse), CANARY] if one not in before] == []
    request = desk.erasure(spouse)
    desk.round(OVER)
    assert desk.state(request)["state"] == "erased"
    assert episode not in desk.shelf.ended, "the patient's own run is nobody else's to end"
    after = all_that_opens(desk, cells, [*backup, *keys_of(desk, episode)])
    assert [one for one in particulars(spouse) if one in after] == []
    assert CANARY in after, "the patient's own record is read as before"
    assert desk.reads(episode)
    told = json.dumps(desk.export_of(patient))
    assert CANARY in told
    assert "OSTRICH" not in told
    asked = desk.ask("access", spouse)
    assert desk.ports.exports.make(asked, AT) == "nobody", "nothing is held of him any more"


def test_the_naive_twin_that_seals_a_spouse_under_the_patients_key_reads_him_for_ever(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (intake_tables, voucher_tables, sending):
        monkeypatch.setattr(module, "spouse_scope", lambda episode_id: episode_id)
    spouse = new_hkid()
    episode = paired_visit(desk, new_hkid(), spouse)
    monkeypatch.undo()
    cells, backup = sealed_of(desk, episode), keys_of(desk, episode)
    request = desk.erasure(spouse)
    desk.round(OVER)
    held: Body = desk.state(request)
    assert held["state"] == "storage_only", "what goes with the record is not called erased"
    after = all_that_opens(desk, cells, [*backup, *keys_of(desk, episode)])
    assert [one for one in particulars(spouse) if one in after] == particulars(spouse)


def test_while_a_rule_keeps_it_the_spouse_is_shown_to_nobody(desk: Desk) -> None:
    spouse = new_hkid()
    episode = paired_visit(desk, new_hkid(), spouse)
    request = desk.erasure(spouse)
    desk.round(IN_FORCE)
    told = desk.state(request)
    assert told["state"] == "storage_only"
    held = told["findings"]["held"][f"{episode}-spouse"]
    assert held["rule"] == "retention:retention.voucher_spouse"
    query = "select count(*) as n from {} where episode_id = %(id)s"
    for house, organisation in ((desk.api, "hku-szh"), (desk.worker, None)):
        with house.database.begin(organisation) as connection:
            found = connection.execute(query.format("voucher_spouse"), {"id": episode}).scalar_one()
        assert found == (0 if organisation else 1)
    assert desk.reads(episode), "the patient's own record is open"


def test_a_claim_on_a_spouses_account_is_told_under_the_spouses_key() -> None:
    attempt = sending.Attempt("voucher", "claim", "R1", 1, "ep_1", AT, True)
    assert attempt.scope == "ep_1-spouse"
    assert replace(attempt, of_spouse=False).scope == "ep_1"
