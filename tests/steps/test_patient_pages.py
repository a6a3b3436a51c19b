"""A patient's own pages on PostgreSQL: what they show, what he sends, what is kept of it."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from crossclaim.api.audit_port import AuditRecord
from crossclaim.domain.submission import ConsentGiven, ConsentType, SubmissionKind
from crossclaim.domain.voucher_submission import SpouseSubmission
from crossclaim.security.roles import Principal, Role
from crossclaim.service.audit import SqlAudit
from crossclaim.stack import Stack
from crossclaim.wiring import House
from tests.flows.flow_stack import flow_reference
from tests.flows.hospital import example
from tests.plain_files import pdf_of
from tests.steps.asked import Asked, wanted
from tests.steps.paper_claims import APPROVED, INSURER, claim
from tests.steps.patient_door import PatientDoor, patient_door, patients_house, someone
from tests.steps.rig import AT, HOSPITAL, MUTUAL, Rig, Visit, insured_by, policy_number
from tests.steps.withdrawn_visit import WithdrawnVisit

LANGUAGES = {"en": "Your care", "zh-Hant": "您的診療", "zh-Hans": "您的诊疗"}
VICTORIA = Principal(organisation=INSURER, role=Role.INSURER_SYSTEM, key_id="house")
_SHARE = {
    "type": "SPOUSE_SHARE",
    "text_version": "2025-01",
    "signed_at": "2026-04-02T09:00:00+08:00",
    "channel": "paper",
    "given_by": "spouse",
}


@pytest.fixture(scope="module")
def api(stack: Stack) -> Iterator[House]:
    with patients_house(stack) as house:
        yield house


@pytest.fixture
async def own(api: House, rig: Rig) -> AsyncIterator[PatientDoor]:
    async with patient_door(api, rig) as door:
        yield door


def lacking(rig: Rig) -> tuple[Asked, str]:
    """A claim with papers that still lacks two, and how its member's document ends."""
    content = claim(information=wanted("receipt", "test_report"))
    content["information"]["documents"][0]["note"] = "<b>Of the first visit</b>"
    kind = SubmissionKind.PAPER_CLAIM
    episode, answer = rig.say(kind, content, organisation=INSURER, at=APPROVED)
    return Asked(rig, episode, answer), content["patient"]["documents"][0]["number"][-4:]


async def test_every_page_is_there_in_every_language_and_each_look_is_written_down(
    own: PatientDoor,
) -> None:
    person = someone()
    episode = person.visit(own.rig)
    await own.enter(episode, person.ends)
    for language, words in LANGUAGES.items():
        for rest in (
            "",
            "/consents",
            "/consents/withdrawal?type=VOUCHER_USE",
            "/looks",
            "/estimate",
        ):
            page = await own.page(f"/episodes/{episode}{rest}", language=language)
            assert f'<html lang="{language}"' in page and words in page
            assert person.number not in page
            assert "<script" not in page and "style=" not in page
    kept = own.rig._select(
        "select operation, outcome from audit where object = %(id)s and key_id like 'pt!_%%'"
        " escape '!' order by id",
        id=episode,
    )
    assert kept[0] == {"operation": "patient_enters", "outcome": "200"}
    assert [row["operation"] for row in kept[1:]] == ["patient_looks"] * 15


async def test_the_bill_what_he_paid_and_who_pays_what_stand_there_to_the_fen(
    own: PatientDoor,
) -> None:
    rig, person = own.rig, someone()
    visit = Visit(rig, person.visit(rig))
    rig._look_up(visit.episode)
    await own.enter(visit.episode, person.ends)
    assert "has yet to send its bill" in await own.page(f"/episodes/{visit.episode}")
    _, answer = visit.bill()
    due = {t.funder.value: t.amount.decimal_text() for t in answer.split.totals}
    page = await own.page(f"/episodes/{visit.episode}")
    assert f"RMB {due['patient']} to pay at" in page and f"RMB {due['voucher']}" in page
    assert "We need something from you." in page
    paid = Visit(rig, person.visit(rig))
    rig._look_up(paid.episode)
    paid.accepted()
    await own.enter(paid.episode, person.ends)
    page = await own.page(f"/episodes/{paid.episode}")
    assert f"2 April 2026, cash</dt><dd>RMB {due['patient']}" in page
    assert "We need something from you." not in page
    listed = await own.page("/")
    assert listed.count('class="card"') == 2


async def test_what_is_asked_of_him_is_sent_from_his_pages_and_counts_as_his_own(
    own: PatientDoor,
) -> None:
    one, ends = lacking(own.rig)
    await own.enter(one.episode, ends, by=VICTORIA)
    path = f"/episodes/{one.episode}"
    page = await own.page(path)
    assert "Documents for" in page and "Receipt" in page and "Test report" in page
    assert "&lt;b&gt;Of the first visit" in page
    assert "paid nothing" not in page, "an insurer does not know what he paid"
    at = f"{path}/requests/{one.request}"
    for files, why in (
        ({"file": ("a.pdf", b"", "application/pdf")}, "No file was chosen"),
        ({"file": ("a.pdf", b"MZ\x90", "application/pdf")}, "This kind of file cannot be taken"),
        ({"file": ("a.pdf", b"%PDF-1.7 broken", "application/pdf")}, "It could not be taken"),
    ):
        refused = await own.send(f"{at}/1/document", files=files)
        assert refused.status_code == 422 and why in refused.text
    large = pdf_of("my receipt") + b"%" + b"x" * 100_000
    good = {"file": ("photo.exe", large, "application/x-msdownload")}
    too_long = await own.browser.post("/patient/in", data={"link": "x" * 70_000})
    assert too_long.status_code == 413, "only a file may be long"
    sent = await own.send(f"{at}/1/document", files=good)
    assert sent.status_code == 303 and sent.headers["location"].endswith("said=received")
    lost = await own.send(f"{at}/2/not-had", reason="lost")
    assert lost.status_code == 303
    items = own.rig.rows(one.episode).information_items
    assert [i.state for i in items] == ["received", "not_had"]
    assert one.row().state == "answered"
    # What is answered is not asked again, and what was never asked is not there.
    for rest in ("1/document", "9/document"):
        assert (await own.send(f"{at}/{rest}", files=good)).status_code == 404
    assert (await own.send(f"{at}/2/not-had", reason="lost")).status_code == 404
    assert "Nothing. You need to do nothing now." in await own.page(path)
    # An insurer's pages know nothing of what a withdrawal does to others: it is not made there.
    await own.page(f"{path}/consents/withdrawal?type=PI_SENSITIVE", 404)


@pytest.mark.parametrize("stage", ["before_claim", "before_decision", "before_payout"])
async def test_a_withdrawal_is_shown_before_exactly_as_it_then_is(
    own: PatientDoor, rig: Rig, stage: str
) -> None:
    person = someone()
    visit = WithdrawnVisit.opened(rig, patient=person.told())
    if stage != "before_claim":
        visit.billed()
        visit.tender(98_750)
        visit.submit()
    if stage == "before_payout":
        visit.decided()
    await own.enter(visit.episode, person.ends)
    path = f"/episodes/{visit.episode}/consents"
    listed = await own.page(path)
    assert "Sending your data across the border" in listed
    before = await own.page(f"{path}/withdrawal?type=PI_CROSS_BORDER")
    number, stated = _hidden(before, "number"), _hidden(before, "stated_at")
    sent = await own.send(
        f"{path}/withdrawal", type="PI_CROSS_BORDER", number=number, stated_at=stated
    )
    assert sent.status_code == 303 and "is_taken_back" in sent.headers["location"], sent.text
    (outcome,) = rig._select(
        "select outcome, key_id from submission where id = %(id)s", id=rig.sent_about(visit.episode)
    )
    assert outcome["key_id"].startswith("pt_")
    (effect,) = outcome["outcome"]["body"]["effects"]
    assert effect["branch"] == stage
    undecided = any(effect[when]["pending"]["amount"] != "0.00" for when in ("before", "after"))
    for part in ("insurer", "pending", "patient") if undecided else ("insurer", "patient"):
        for when in ("before", "after"):
            amount = effect[when][part]["amount"]
            whole, _, digits = amount.partition(".")
            assert f"RMB {int(whole):,}.{digits}" in before, (when, part)
    for told in (*effect["stops"], *effect["stays"]):
        assert _escaped(told["text"]["en"]) in before
    assert "already, or was never given" in await own.page(
        f"{path}/withdrawal?type=PI_CROSS_BORDER"
    )


async def test_a_forged_or_late_form_changes_nothing_and_loses_nothing_that_was_typed(
    own: PatientDoor,
) -> None:
    person = someone()
    episode = person.visit(own.rig)
    await own.enter(episode, person.ends)
    path = f"/episodes/{episode}/consents/withdrawal"
    fields = {"type": "EHEALTH_JOIN", "number": "P-1", "text": "my own words"}

    def withdrawn() -> list[str]:
        return [c.type for c in own.rig.rows(episode).consents if c.withdrawn_at is not None]

    forged = await own.browser.post(f"/patient{path}", data={**fields, "csrf": "0" * 64})
    assert forged.status_code == 403 and "my own words" in forged.text
    other_site = {"sec-fetch-site": "cross-site"}
    own.browser.headers.update(other_site)
    assert (await own.send(path, **fields)).status_code == 403
    del own.browser.headers["sec-fetch-site"]
    assert withdrawn() == []
    assert (await own.send(path, **fields)).status_code == 303
    # Sent twice, it is told as done and done once.
    assert "already, or was never given" in (await own.send(path, **fields)).text
    assert withdrawn() == ["EHEALTH_JOIN"]
    own.clock.pass_by(hours=5)
    late = await own.browser.post(f"/patient{path}", data=fields)
    assert late.status_code == 403 and "my own words" in late.text and "not sent" in late.text


async def test_the_words_that_are_signed_are_read_before_and_after(api: House, rig: Rig) -> None:
    async with patient_door(api, rig, with_api=True) as own:
        before = await own.page("/texts", language="zh-Hant")
        assert "醫療券戶口扣除" in before and "虛構文本" in before
        assert "2024-01" not in before, "a text that is out of use is signed by nobody"
        person = someone()
        signed = flow_reference().consent_text(ConsentType.EHEALTH_JOIN, "2025-01")
        assert signed is not None and signed.text is not None
        shown = signed.text.digests["zh-Hant"]
        consents = [
            {**c, "text_sha256": shown} if c["type"] == "EHEALTH_JOIN" else c
            for c in example("episode-2-voucher")["consents"]
        ]
        episode = person.visit(own.rig, consents=consents)
        await own.enter(episode, person.ends)
        page = await own.page(f"/episodes/{episode}/consents")
        assert "I agree to join the electronic health record" in page, (
            "in the language that he reads"
        )
        assert "You signed this text in" in page and "本人同意加入電子健康紀錄" in page
        assert shown in page
        told = (await own.browser.get("/v1/consent-texts/EHEALTH_JOIN/2025-01")).json()
        assert {one["language"]: one["sha256"] for one in told["texts"]} == signed.text.digests
        listed = (await own.browser.get("/v1/consent-texts")).json()["texts"]
        assert told in listed
        for odd in ("VOUCHER_USE/none", "%00/x", "VOUCHER_USE/%27"):
            assert (await own.browser.get(f"/v1/consent-texts/{odd}")).status_code == 404


async def test_who_has_looked_is_told_in_plain_words_and_he_himself_is_no_stranger(
    own: PatientDoor,
) -> None:
    person = someone()
    episode = person.visit(own.rig)
    book = SqlAudit(own.api.database)
    for organisation, operation, outcome in (
        (HOSPITAL, "read_bill", "200"),
        (HOSPITAL, "read_bill", "200"),
        (MUTUAL, "read_episode", "403"),
        ("crossclaim", "decode_payloads", "200"),
    ):
        told = {"key_id": "somebody", "operation": operation, "about": episode}
        await book.record(AuditRecord(organisation=organisation, outcome=outcome, **told))
    await own.enter(episode, person.ends)
    page = await own.page(f"/episodes/{episode}/looks")
    assert "looked at your bill <span" in page and "(2 times)" in page
    assert "asked to see something and was refused" in page
    assert "opened technical records of your case to find a fault" in page
    assert "Your own pages were opened with a link" in page
    assert "You looked at your own pages" in page
    told = re.sub(r"<[^>]*>", " ", page)  # Chance may write a "403" in a token.
    assert "somebody" not in told and "read_bill" not in told and "403" not in told


async def test_looks_go_over_pages_and_none_is_told_twice(
    own: PatientDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crossclaim.service import patient_desk

    monkeypatch.setattr(patient_desk, "LOOKS_A_PAGE", 3)
    person = someone()
    episode = person.visit(own.rig)
    await own.enter(episode, person.ends)
    page = await own.page(f"/episodes/{episode}/looks")
    for _ in range(3):
        await own.page(f"/episodes/{episode}")
    page, seen = await own.page(f"/episodes/{episode}/looks"), 0
    while "Earlier" in page and seen < 9:
        after = page.partition("looks?after=")[2].partition('"')[0]
        page, seen = await own.page(f"/episodes/{episode}/looks?after={after}"), seen + 1
    assert seen >= 2 and "sent something about your care" in page
    for odd in ("x", "%00", "a" * 500):
        await own.page(f"/episodes/{episode}/looks?after={odd}")


async def test_a_spouse_sees_his_vouchers_and_nothing_of_where_or_for_what(
    own: PatientDoor, rig: Rig
) -> None:
    patient, spouse = someone(), someone("1951-02-03")
    episode = patient.visit(rig, consents=[_SHARE])
    named = {"type": "hkid", "number": spouse.number}
    with rig.world.records.transaction() as tx:
        told = SpouseSubmission.model_validate(
            {"name": {"en": "WONG Mei"}, "birth_date": date(1951, 2, 3), "document": named}
        )
        tx.put_spouse(episode, told, AT)
    await own.enter(episode, spouse.ends, "spouse")
    visit_number = rig._select("select visit_number from episode where id = %(i)s", i=episode)
    for path in (f"/episodes/{episode}/vouchers", f"/episodes/{episode}/consents"):
        page = await own.page(path)
        assert visit_number[0]["visit_number"] not in page and patient.number not in page
    assert "Your vouchers may be used for your spouse" in page
    assert "Paying with your vouchers" not in page, "the patient's consents are the patient's"
    for path in ("", "/looks", "/estimate"):
        await own.page(f"/episodes/{episode}{path}", 404)
    withdrawal = f"/episodes/{episode}/consents/withdrawal"
    before = await own.page(f"{withdrawal}?type=SPOUSE_SHARE")
    number, stated = _hidden(before, "number"), _hidden(before, "stated_at")
    sent = await own.send(withdrawal, type="SPOUSE_SHARE", number=number, stated_at=stated)
    assert sent.status_code == 303, sent.text
    (share,) = [c for c in rig.rows(episode).consents if c.type == "SPOUSE_SHARE"]
    assert share.withdrawn_at is not None


async def test_a_decision_is_read_as_its_letter_and_appealed_in_his_own_words(
    own: PatientDoor, rig: Rig
) -> None:
    visit = rig.visit(policy_number())
    visit.accepted()
    visit.decide()
    # It is the day after the decision.
    own.clock.ahead = AT + timedelta(days=1) - datetime.now(UTC)
    await own.enter(visit.episode, _ends(own, visit.episode))
    path, claim_id = f"/episodes/{visit.episode}", visit.claim("direct").id
    page = await own.page(path)
    assert "Decided by" in page and "I do not agree" in page
    for kind in ("decision", "benefits"):
        letter = await own.browser.get(f"/patient{path}/letters/{claim_id}/{kind}")
        assert letter.status_code == 200 and letter.content.startswith(b"%PDF-")
    for odd in (f"{claim_id}/covering", "cl_0/decision", "%00/decision"):
        await own.page(f"{path}/letters/{odd}", 404)
    form = await own.page(f"{path}/appeals/{claim_id}")
    empty = await own.send(f"{path}/appeals/{claim_id}", number="P-0", text=" ")
    assert empty.status_code == 422 and "Please write a few words" in empty.text
    words = "The <second> visit was left out."
    number = _hidden(form, "number")
    sent = await own.send(f"{path}/appeals/{claim_id}", number=number, text=words)
    assert sent.status_code == 303, sent.text
    (appeal,) = rig.rows(visit.episode).appeals
    assert (appeal.number, appeal.state) == (number, "open")
    assert "You asked for another look." in await own.page(path)
    await own.page(f"{path}/appeals/{claim_id}", 404)


async def test_who_signed_for_a_patient_sees_the_episode_that_he_signed_for_alone(
    own: PatientDoor, rig: Rig
) -> None:
    person, guardian = someone(), someone()
    signer = {
        "capacity": "guardian",
        "name": {"en": "LEE Kin"},
        "document": {"type": "hkid", "number": guardian.number},
        "paper": "court_order",
        "paper_seen_at": "2026-04-02T09:00:00+08:00",
        "patient_incapable": True,
    }
    signed, other = person.visit(rig), person.visit(rig)
    with rig.world.records.transaction() as tx:
        given = {
            "type": "PI_SENSITIVE",
            "text_version": "2025-01",
            "signed_at": "2026-04-02T09:00:00+08:00",
            "channel": "paper",
            "signed_by": signer,
        }
        tx.add_consents(signed, [ConsentGiven.model_validate(given)])
    await own.enter(signed, guardian.ends, "substitute")
    assert "has yet to send its bill" in await own.page(f"/episodes/{signed}")
    assert "by: a guardian" in await own.page(f"/episodes/{signed}/consents")
    await own.page(f"/episodes/{other}", 404)
    wrong = await own.say(await own.link(signed, "substitute"), document=person.ends)
    assert wrong.status_code == 403, "the patient's own number is not the guardian's"
    there = re.findall(r'href="([^"?]*)\?language=zh-Hant"', wrong.text)
    assert len(there) == 1 and there[0].startswith("/patient/in/"), "another language at the door"


async def test_an_estimate_before_the_bill_is_the_split_that_the_bill_then_has(
    own: PatientDoor, rig: Rig
) -> None:
    visit = Visit(rig, rig.open([{"funder": "voucher"}, insured_by(MUTUAL, policy_number())]))
    await own.enter(visit.episode, _ends(own, visit.episode))
    path = f"/episodes/{visit.episode}/estimate"
    for typed in ("", "nine", "-5", "0", "1.234", "1e9", "NaN"):
        wrong = await own.send(path, text=typed)
        assert wrong.status_code == 422 and "Please type an amount" in wrong.text
    found = await own.send(path, text="900.00")
    assert found.status_code == 200, found.text
    _, answer = visit.bill()
    assert len(answer.split.totals) == 3
    for part in answer.split.totals:
        assert f"RMB {part.amount.decimal_text()}" in found.text
    assert "What we take for granted" in found.text and "no promise" in found.text
    await own.page(path, 404)


def _ends(own: PatientDoor, episode: str) -> str:
    """How the number of the example's patient ends."""
    (row,) = own.rig._select("select sealed from episode where id = %(i)s", i=episode)
    opened = own.api.keyring.decrypt(episode, bytes(row["sealed"]), "episode")
    number: str = json.loads(opened)["patient"]["documents"][0]["number"]
    return number.replace("(", "").replace(")", "")[-4:]


def _hidden(page: str, name: str) -> str:
    return page.partition(f'name="{name}" value="')[2].partition('"')[0]


def _escaped(text: str) -> str:
    return text.replace("'", "&#39;")
