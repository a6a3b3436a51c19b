"""A consent is a gate: every send is provably before or after its withdrawal."""

from __future__ import annotations

from functools import partial

from tests.faults.house import FULL, House, Row, until
from tests.faults.outcome import stay_ended_well
from tests.faults.story import Stay, Telling

RACES = 50 if FULL else 4
RELIED_ON = {"PI_SENSITIVE", "PI_PROVIDE", "PI_CROSS_BORDER", "CLAIM_AUTH"}


def withdrawal(consent: str = "PI_CROSS_BORDER") -> Row:
    return {
        "number": f"W-{consent}",
        "withdrawn": consent,
        "stated_at": "2026-03-14T09:00:00+08:00",
    }


def claims_taken(house: House, stay: Stay) -> list[Row]:
    """The insurer's word: the claims of this stay that reached it."""
    mine = house.rows("select reference from claim where episode_id = %(id)s", id=stay.episode_id)
    references = {row["reference"] for row in mine}
    return [
        entry
        for entry in house.journal("harbour-life", "accepted")
        if entry["use"] == "claim" and entry["reference"] in references
    ]


def exceptions(house: House, stay: Stay) -> list[str]:
    query = "select code from exception_item where episode_id = %(id)s and resolved_at is null"
    return [row["code"] for row in house.rows(query, id=stay.episode_id)]


def claim_states(house: House, stay: Stay) -> list[str]:
    query = "select state from claim where episode_id = %(id)s"
    return [row["state"] for row in house.rows(query, id=stay.episode_id)]


def closed_by_withdrawal(stay: Stay) -> bool:
    found = stay.window.episode(stay.episode_id)["episode"]["status"]
    return bool(found == "CLOSED_CONSENT_WITHDRAWN")


def ended(house: House, stay: Stay, states: set[str]) -> None:
    """Waits until the stay's claim is in one of these states."""
    until(f"claim {' or '.join(sorted(states))}", lambda: states & set(claim_states(house, stay)))


def claim_attempts(house: House, stay: Stay) -> list[Row]:
    return house.rows(
        "select * from outbound_attempt where episode_id = %(id)s and operation = 'claim'",
        id=stay.episode_id,
    )


def given_again(consent: str = "PI_CROSS_BORDER") -> Row:
    signed = {
        "type": consent,
        "text_version": "2026-01",
        "signed_at": "2026-03-20T09:00:00+08:00",
        "channel": "paper",
        "recipient": "harbour-life",
    }
    return {"number": f"G-{consent}", "given": signed, "stated_at": signed["signed_at"]}


def test_nothing_is_sent_after_a_withdrawal_and_the_patient_is_billed(house: House) -> None:
    house.heal()
    for consent in sorted(RELIED_ON):
        stay = Stay(house)
        stay.treat()
        stay.discharge()
        stay.send("consents", withdrawal(consent))
        split = stay.send("bills", stay.bill("final"))
        assert [total["funder"] for total in split["totals"]] == ["patient"]
        stay.tender(split)
        until("closed", partial(closed_by_withdrawal, stay))
        assert exceptions(house, stay) == [] and claim_states(house, stay) == []
        assert claim_attempts(house, stay) == []
        assert claims_taken(house, stay) == []
        assert (
            house.rows("select 1 from payout_intent where episode_id = %(id)s", id=stay.episode_id)
            == []
        )


def test_an_episode_without_its_consents_is_refused_and_not_kept(house: House) -> None:
    house.heal()

    def without(content: Row) -> None:
        kept = [c for c in content["consents"] if c["type"] != "PI_SENSITIVE"]
        content["consents"] = kept

    stay = Stay(house, change=without)
    visit = stay.opening()
    answer = stay.window.once("/v1/episodes", visit)
    assert answer.status_code == 422 and "CONSENT" in answer.text
    number = visit["visit"]["number"]
    assert house.rows("select 1 from episode where visit_number = %(n)s", n=number) == []
    asked = "select 1 from submission where business_key like %(n)s"
    assert house.rows(asked, n=f"%{number}") == []


def test_a_withdrawal_after_the_sending_keeps_the_claim_until_a_new_consent(house: House) -> None:
    house.heal()
    stay = Stay(house)
    stay.treat()
    stay.discharge()
    split = stay.send("bills", stay.bill("final"))
    until("claim sent", lambda: claims_taken(house, stay))
    stay.send("consents", withdrawal())
    ended(house, stay, {"suspended", "approved", "partial"})
    stay.send("consents", given_again())
    stay.tender(split)
    stay_ended_well(house, stay)
    (consent,) = house.rows(
        "select withdrawn_at from consent where episode_id = %(id)s and withdrawn_at is not null",
        id=stay.episode_id,
    )
    sent = claim_attempts(house, stay)
    assert sent[0]["occurred_at"] < consent["withdrawn_at"]
    assert {attempt["outcome"] for attempt in sent} == {"answered"}
    # A second attempt asks under the old reference: the insurer has one claim.
    assert len(sent) <= 2 and len(claims_taken(house, stay)) == 1


def test_every_send_names_the_consents_that_it_relied_on(house: House) -> None:
    house.heal()
    stay = Stay(house)
    stay.run()
    signed = {
        row["id"]: row["type"]
        for row in house.rows(
            "select id, type from consent where episode_id = %(id)s", id=stay.episode_id
        )
    }
    attempts = house.rows(
        "select operation, consents from outbound_attempt where episode_id = %(id)s",
        id=stay.episode_id,
    )
    relied = {a["operation"]: {signed[number] for number in a["consents"]} for a in attempts}
    for operation in ("eligibility", "guarantee", "claim"):
        assert relied[operation] == RELIED_ON
    # What carries no personal data needs none.
    assert all(not relied[o] for o in relied.keys() - {"eligibility", "guarantee", "claim"})


def test_a_withdrawal_that_races_the_claim_is_before_or_after_it_and_never_both(
    house: House,
) -> None:
    house.heal()
    for _ in range(RACES):
        stay = Stay(house)
        stay.treat()
        stay.discharge()
        withdrawing = Telling(partial(stay.send, "consents", withdrawal()))
        stay.send("bills", stay.bill("final"))
        withdrawing.ended(60)
        sent, taken = claim_attempts(house, stay), claims_taken(house, stay)
        if claim_states(house, stay) in ([], ["voided"]):
            assert sent == [] and taken == []
        else:
            ended(house, stay, {"suspended", "approved", "partial"})
            sent, taken = claim_attempts(house, stay), claims_taken(house, stay)
            (consent,) = house.rows(
                "select withdrawn_at from consent where withdrawn_at is not null"
                " and episode_id = %(id)s",
                id=stay.episode_id,
            )
            assert len(sent) == len(taken) == 1
            assert sent[0]["occurred_at"] <= consent["withdrawn_at"]
