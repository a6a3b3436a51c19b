"""Who reads a withdrawal's row, and that nobody changes what was withdrawn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crossclaim.domain.submission import SubmissionKind
from crossclaim.stack import Stack
from crossclaim.store.session import Database
from tests.steps.rig import HARBOUR, HOSPITAL, Rig
from tests.steps.two_insurers import PEARL, DualStay, first_there, second_there
from tests.steps.withdrawn_visit import REST, WHOLE, WithdrawnVisit, on


@pytest.fixture
def database(stack: Stack) -> Iterator[Database]:
    database = Database(stack.settings.database_url.get_secret_value())
    yield database
    database.close()


def seen_by(database: Database, organisation: str, episode: str) -> set[str]:
    with database.begin(organisation) as connection:
        found = connection.execute(
            "select organisation_id from withdrawal where episode_id = %(id)s", {"id": episode}
        ).all()
    return {row.organisation_id for row in found}


def test_the_hospital_reads_all_and_each_insurer_its_own(rig: Rig, database: Database) -> None:
    stay = DualStay.opened(rig, [first_there(), second_there()])
    withdrawn = {
        "number": "W-reads",
        "withdrawn": "PI_SENSITIVE",
        "stated_at": "2026-04-11T09:00:00+08:00",
    }
    stay.rig.say(SubmissionKind.CONSENT, withdrawn, stay.episode)
    assert seen_by(database, HOSPITAL, stay.episode) == {HARBOUR, PEARL}
    assert seen_by(database, HARBOUR, stay.episode) == {HARBOUR}
    assert seen_by(database, PEARL, stay.episode) == {PEARL}
    assert seen_by(database, "jiangmen-central", stay.episode) == set()


@pytest.mark.parametrize(
    "change",
    ["consent = 'CLAIM_AUTH'", "withdrawn_at = now()", "branch = 'after_payout'", "sequence = 9"],
)
def test_what_was_withdrawn_never_changes(change: str, rig: Rig) -> None:
    visit = WithdrawnVisit.opened(rig)
    visit.withdraw()
    with pytest.raises(Exception, match="WITHDRAWAL_FIXED"):
        visit.rig.change(
            f"update withdrawal set {change} where episode_id = %(id)s", id=visit.episode
        )


def test_what_is_ended_is_never_taken_up_again(rig: Rig) -> None:
    visit = WithdrawnVisit.opened(rig)
    visit.withdraw()
    with pytest.raises(Exception, match="WITHDRAWAL_FIXED"):
        visit.rig.change(
            "update withdrawal set state = 'resumed' where episode_id = %(id)s", id=visit.episode
        )


def test_a_bill_without_its_insurer_can_be_taken_back_and_sent_again(rig: Rig) -> None:
    visit = WithdrawnVisit.opened(rig)
    visit.billed()
    visit.tender(REST)
    visit.withdraw(on(6))
    visit.followed()
    void = {
        "bill_number": visit.bill["number"],
        "bill_version": 1,
        "voided_at": "2026-05-06T12:00:00+08:00",
        "reason": "One line was wrong.",
    }
    assert visit.say(SubmissionKind.VOID, void).status == 200
    rig.paid_back(visit.episode)
    assert visit.balances() == {}
    visit.bill = {**visit.bill, "version": 2}
    visit.billed()
    assert visit.balances() == {"hospital:hku-szh:bills": -WHOLE, "funder:patient:due": WHOLE}
