"""A transfer by ambulance through the whole stack: workflow, papers, claim, payout, story."""

from __future__ import annotations

from tests.flows.hospital import Body, Episode, Hospital, example, next_number, totals, varied
from tests.flows.patience import until

LANGUAGES = ("en", "zh-Hant", "zh-Hans")


class Opened:
    """One example episode of a transfer, with numbers of its own."""

    def __init__(self, hospital: Hospital, name: str) -> None:
        number = next_number()
        self.content = example(name)
        coverages = [
            {**c, "policy_number": f"KM-2026-PLUS-F{number}"}
            for c in self.content["episode"]["coverages"]
        ]
        visit = {"number": f"ZS-FLOW-{number:05d}"}
        submission = varied(self.content["episode"], visit=visit, coverages=coverages)
        self.episode: Episode = hospital.open(submission)
        self.hospital = hospital

    def said(self, path: str, part: str) -> Body:
        return self.episode.say(path, self.content[part])

    def hand_overs(self) -> list[Body]:
        answer = self.hospital.get(f"{self.episode.path}/hand-overs")
        assert answer.status_code == 200, answer.text
        found: list[Body] = answer.json()["hand_overs"]
        return found

    def issued(self) -> Body:
        def look() -> Body | None:
            found = self.hand_overs()
            return found[0] if found and found[0]["state"] == "issued" else None

        return until(look, "the record of the hand-over")

    def story(self, language: str) -> list[Body]:
        answer = self.hospital.get(f"{self.episode.path}/story?language={language}")
        assert answer.status_code == 200, answer.text
        lines: list[Body] = answer.json()["story"]
        return lines


def test_a_transfer_is_handed_over_issued_covered_and_paid(shenzhen: Hospital) -> None:
    transfer = Opened(shenzhen, "ambulance-transfer")
    path = f"{transfer.episode.path}/bills"
    assert shenzhen.refused(path, transfer.content["bill"]) == ["TRANSFER_NOT_HANDED_OVER"]
    assert transfer.said("hand-overs", "hand-over")["status"] == "due"
    issued = transfer.issued()
    assert issued["basis"] == "consent" and issued["recipient"] == "example-hospital-hk"
    for language, title in zip(
        LANGUAGES, ("Hand-over Record", "移交紀錄", "移交记录"), strict=True
    ):
        record = f"{transfer.episode.path}/hand-overs/HO-0601/record?language={language}"
        answer = shenzhen.get(record)
        assert answer.status_code == 200 and title in answer.text
        assert "WONG Chi Ming" in answer.text
    assert totals(transfer.said("bills", "bill")) == {"insurer": "2287.50", "patient": "512.50"}
    transfer.said("tenders", "tender")
    rows = transfer.episode.closed()
    assert [p["amount_minor"] for p in rows["payouts"]] == [228750]
    for language in LANGUAGES:
        kinds = [line["kind"] for line in transfer.story(language)]
        assert {"handed_over", "transfer_crew", "hand_over_by_consent"} <= set(kinds)
        told = " ".join(line["text"] for line in transfer.story(language))
        assert "oxygen" not in told and "WONG" not in told


def test_an_emergency_goes_out_by_law_and_stands_in_the_story_and_the_audit(
    shenzhen: Hospital, jiangmen: Hospital
) -> None:
    transfer = Opened(shenzhen, "ambulance-emergency")
    path = f"{transfer.episode.path}/hand-overs"
    missing = shenzhen.refused(path, transfer.content["hand-over-without"])
    assert missing == ["TRANSFER_CONSENT_MISSING"] * 4
    transfer.said("hand-overs", "hand-over")
    issued = transfer.issued()
    assert issued["basis"] == "emergency" and issued["decided_by"] == "DR-1024"
    assert len(issued["missing"]) == 4 and issued["consents"] == []
    english = {line["kind"]: line["text"] for line in transfer.story("en")}
    told = english["hand_over_in_emergency"]
    assert "life at risk" in told and "article 35 (7)" in told and "DR-1024" in told
    assert transfer.episode.exceptions() == ["TRANSFER_EMERGENCY_RELEASE"]
    record = f"{path}/HO-0602/record"
    assert jiangmen.get(record).status_code == 404 and jiangmen.get(path).status_code == 404
    transfer.said("bills", "bill")
    transfer.said("tenders", "tender")
    transfer.episode.closed()


def test_a_transfer_without_a_hand_over_waits_for_it_in_words(shenzhen: Hospital) -> None:
    transfer = Opened(shenzhen, "ambulance-transfer")

    def waits() -> Body | None:
        answer = shenzhen.get(f"{transfer.episode.path}/story?language=zh-Hans").json()
        waiting: Body = answer["waiting"]
        return waiting if waiting["code"] == "HAND_OVER" else None

    assert "移交" in until(waits, "the wait for the hand-over")["text"]


def test_a_bundle_with_a_journey_is_split_paid_and_told_apart(shenzhen: Hospital) -> None:
    journey = Opened(shenzhen, "bundle-journey")
    path = f"{journey.episode.path}/bills"
    assert shenzhen.refused(path, journey.content["bill-one-sum"]) == ["BUNDLE_NOT_DIVIDED"]
    split = journey.said("bills", "bill")
    assert totals(split) == {"insurer": "5300.00", "patient": "1500.00"}
    assert split["non_medical"] == {"amount": "1500.00", "currency": "CNY"}
    journey.said("tenders", "tender")
    rows = journey.episode.closed()
    assert [p["amount_minor"] for p in rows["payouts"]] == [530000]
    left = {a["account_id"]: a["balance_minor"] for a in rows["ledger"]}
    assert left["patient:non_medical"] == left["hospital:hku-szh:non_medical"] == 0
    for language, words in zip(LANGUAGES, ("no medical care", "並非醫療", "并非医疗"), strict=True):
        (told,) = [x for x in journey.story(language) if x["kind"] == "non_medical_apart"]
        assert words in told["text"] and "1,500.00" in told["text"].replace("1500", "1,500")


def test_switched_on_benefits_are_paid_out(shenzhen: Hospital) -> None:
    visit = Opened(shenzhen, "benefits-switched-on")
    split = visit.said("bills", "bill")
    assert totals(split) == {"insurer": "5166.00", "patient": "1054.00"}
    assert split["flags"] == []
    visit.said("tenders", "tender")
    rows = visit.episode.closed()
    assert [p["amount_minor"] for p in rows["payouts"]] == [516600]
