"""What a later decision takes back is asked, confirmed, listed and told as any other claw-back."""

from __future__ import annotations

from crossclaim.domain.settlement import LineKind
from crossclaim.store.exposures import SqlExposures
from crossclaim.store.settlement_reads import SqlSettlements
from tests.steps.rig import AT, HARBOUR, Rig
from tests.steps.test_bill_cycle import settled
from tests.steps.test_changed_minds import LATER, original
from tests.steps.test_where_money_meets import less


def test_what_a_later_decision_asked_back_is_confirmed_listed_and_told_as_any_other(
    rig: Rig,
) -> None:
    stay = settled(rig)
    less(stay)
    stay.credited()
    assert stay.standing().waiting_for == "PAYEE_CLAW_BACK"
    assert not stay.standing().closable
    (back,) = stay.rows().claw_backs
    hospital = stay.rows().episode.hospital_id
    owing = SqlExposures(rig.database).exposures(insurer=HARBOUR, hospital=hospital)
    before = next(one.owed_back_minor for one in owing if one.currency == "CNY")
    stay.given_back()
    owing = SqlExposures(rig.database).exposures(insurer=HARBOUR, hospital=hospital)
    after = sum(one.owed_back_minor for one in owing if one.currency == "CNY")
    assert before - after == 1_830_000
    advice = SqlSettlements(rig.database).read(hospital, HARBOUR, AT.date())
    assert advice is not None
    mine = [one for one in advice.lines if one.episode == stay.episode]
    (told,) = (one for one in mine if one.kind is LineKind.GIVEN_BACK)
    claim = original(stay, HARBOUR).reference
    assert (told.amount_minor, told.claim) == (-1_830_000, claim)
    assert f"CNY 18,300.00 back ({back.reference})" in rig.story(stay.episode, LATER)
