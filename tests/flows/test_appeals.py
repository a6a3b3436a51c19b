"""An appeal from the API to the member's account: won after the payout, paid once, in letters."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from crossclaim.cli.claim_letters import READER, desk_of
from crossclaim.domain.claim_letter import LetterKind
from crossclaim.stack import Stack
from crossclaim.wiring import House, worker_house
from tests.flows.hospital import Body, Episode, Hospital
from tests.flows.money import ledger
from tests.flows.simulator import Simulator
from tests.steps.appeals import WON
from tests.steps.paper_claims import INSURER, claim


def test_an_appeal_won_after_the_payout_pays_the_difference_once_and_is_told_in_letters(
    victoria: Hospital,
    examiner: Hospital,
    shenzhen: Hospital,
    bank: Simulator,
    flow_stack: Stack,
) -> None:
    content = claim()
    answer = victoria.say("/v1/claims", content)
    episode = Episode(victoria, answer["episode_id"], content)
    episode.closed()
    path = f"/v1/claims/{answer['claim_id']}"
    assert shenzhen.get(f"{path}/letters/decision").status_code == 404
    appeal = {"number": "AP-1", "reason": "Another specialist saw the patient."}
    assert victoria.refused(f"{path}/appeals", {**appeal, "claim_id": "cr_other"}) == [
        "CLAIM_NOT_IN_ADDRESS"
    ]
    taken = victoria.say(f"{path}/appeals", appeal)
    assert victoria.say(f"{path}/appeals", appeal) == taken
    assert episode.rows()["episode"]["status"] == "open"
    story = victoria.get(f"{episode.path}/story").json()
    assert story["waiting"]["code"] == "INSURER_APPEAL"
    word = {
        "outcome": "changed",
        "reason": "Two departments on one day.",
        "lines": WON,
        "decided_at": "2026-05-12T10:00:00+08:00",
    }
    assert victoria.post(f"{path}/appeal-decisions", word).status_code == 403
    with ThreadPoolExecutor(4) as at_once:
        answers = list(at_once.map(lambda _: decided(examiner, path, word), range(4)))
    assert all(one == answers[0] for one in answers)
    rows = episode.wait("payouts", state="credited", amount_minor=34_445) and episode.closed()
    assert [(p["state"], p["amount_minor"]) for p in rows["payouts"]] == [
        ("credited", 142_186),
        ("credited", 34_445),
    ]
    reference = rows["payouts"][1]["reference"]
    assert len(bank.journal("executed", reference=reference)) == 1
    assert ledger(rows) == {f"funder:insurer:{INSURER}:due": -407, f"fx:drift:{INSURER}": 407}
    listed = victoria.get(f"{path}/appeals").json()
    assert [one["clock"]["state"] for one in listed["appeals"]] == ["met"]
    assert [one["change_fen"] for one in listed["decisions"]] == [34_400]
    for language in ("en", "zh-Hant", "zh-Hans"):
        letter = f"{path}/letters/benefits?language={language}"
        first = victoria.get(letter)
        assert first.status_code == 200 and "375.96" in first.text
        assert victoria.get(letter).content == first.content
    printed = at_the_desk(flow_stack, answer["claim_id"])
    assert printed == victoria.get(f"{path}/letters/benefits?language=en").content
    assert victoria.get(f"{path}/letters/poem").status_code == 422
    assert readers_of(flow_stack, answer["claim_id"]) >= {(INSURER, "read_letter", "200")}
    kinds = [one["kind"] for one in victoria.get(f"{episode.path}/story").json()["story"]]
    assert {"appeal_lodged", "decided_again_appeal"} <= set(kinds)


def decided(examiner: Hospital, path: str, word: Body) -> Body:
    return examiner.say(f"{path}/appeal-decisions", word)


def at_the_desk(stack: Stack, claim_id: str) -> bytes:
    """As ``crossclaim claims letter`` prints it."""
    house = House(stack.settings, stack.settings.database_reader_url.get_secret_value())
    try:
        told = desk_of(house).letter(READER, claim_id, LetterKind.BENEFITS, "en", None)
        return asyncio.run(told)[1]
    finally:
        house.database.close()


def readers_of(stack: Stack, about: str) -> set[tuple[str, str, str]]:
    """Who read something about a claim, by the audit."""
    house = worker_house(stack.settings)
    try:
        with house.database.begin() as connection:
            found = connection.execute(
                "select organisation_id, operation, outcome from audit where object = %(about)s",
                {"about": about},
            ).all()
    finally:
        house.database.close()
    return {(row.organisation_id, row.operation, row.outcome) for row in found}
