"""Rows that every page of the inventory has something to show of, and who looks at which."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import httpx

from crossclaim.domain.party import PaymentState
from crossclaim.domain.patient_bearer import Bearer
from crossclaim.domain.submission import SubmissionKind
from crossclaim.domain.voucher_submission import SpouseSubmission
from crossclaim.domain.webhook_message import Reply
from crossclaim.plans.loader import shipped_text
from crossclaim.security.roles import Principal, Role
from crossclaim.service.webhooks import WebhookDesk
from crossclaim.store.webhook_outbox import SqlWebhookOutbox
from crossclaim.wiring import worker_house
from tests.flows.hospital import Body, example, varied
from tests.plain_files import pdf_of, picture
from tests.steps.asked import wanted
from tests.steps.bank_rig import DAY, Desk, booked
from tests.steps.bill_cycle import DRUG, Cycle
from tests.steps.browser_house import BrowserHouse
from tests.steps.clinic import DAUGHTER, POOL, Clinic, fund
from tests.steps.examining import claim_of, decide, many_units, sent
from tests.steps.paper_claims import APPROVED, INSURER, claim
from tests.steps.patient_door import WINDOW, Person, someone
from tests.steps.payout_desk import PayoutDesk
from tests.steps.record_rig import JOIN, NOW, RecordRig
from tests.steps.repairing import STAFF, Repairer
from tests.steps.rig import AT, HARBOUR, HOSPITAL, MUTUAL, Rig, Visit, insured_by, policy_number
from tests.steps.test_bill_cycle import settled
from tests.steps.test_guarantee_information import at_desk
from tests.steps.test_match_orders import foreign
from tests.steps.test_money_walks import walk
from tests.steps.test_paid_twice import owed, paid_twice
from tests.steps.test_remittances import remit
from tests.steps.test_skips import proposal, staff
from tests.steps.test_source_days import open_items
from tests.steps.two_insurers import first_there, second_here
from tests.steps.webhook_rig import WINDOW as LISTENER
from tests.steps.webhook_rig import Hooks

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
"""Stands wherever people's words are shown; that none of it runs is told by each page's checks."""
WRITTEN = (SCRIPT, "the month is closed", "my own words")
LONG = "Dr. Wolfeschlegelsteinhausenbergerdorff-Vandenberghe歐陽諸葛"
NAME, NAMED = {"zh": "歐陽玉衡", "en": "AUYEUNG Yuk Hang"}, "MZ-NAMED-1"
PARTY = "slow-party"
PLAN = "hospital-scale-hk"
GONE = Reply(outcome="GONE", status=410, latency_ms=7, answer=b"<b>closed</b>")
VICTORIA = Principal(organisation=INSURER, role=Role.INSURER_SYSTEM, key_id="house")
_PEOPLE = {
    "staff": (STAFF, Role.SUPPORT_SUPERVISOR, LONG, Role.AUDITOR),
    "operator": (STAFF, Role.OPERATOR, "馮國樑 Fung Kwok-leung"),
    "hospital": (HOSPITAL, Role.HOSPITAL_BILLING, "陳小文 Chan Siu-man"),
    "mutual": (MUTUAL, Role.INSURER_EXAMINER, "何美蓮 Ho Mei-lin"),
    "examiner": (INSURER, Role.INSURER_EXAMINER, "黃小明 Wong Siu-ming"),
    "finance": (INSURER, Role.FINANCE, "何家怡 Ho Ka-yi"),
    "banker": (HARBOUR, Role.FINANCE, "陳大文 Chan Tai-man"),
}


@dataclass
class Scene:
    """``places`` fill the addresses of the inventory; ``people`` name a walker's cookie, and
    ``patients`` the session's."""

    house: BrowserHouse
    clinic: Clinic
    folder: Path
    places: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    patients: dict[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def set_up(cls, house: BrowserHouse, clinic: Clinic, folder: Path) -> Scene:
        scene = cls(house, clinic, folder)
        for called, (organisation, role, name, *more) in _PEOPLE.items():
            scene.people[called] = house.walker(organisation, role, name, *more)
        scene._episodes()
        scene._repairs()
        scene._work()
        scene._claims()
        scene._finance()
        scene._rules_and_operations()
        scene._webhooks()
        scene._patients()
        return scene

    @property
    def rig(self) -> Rig:
        return self.house.rig

    def _sends(self, who: str, path: str, **form: str) -> str:
        return self.house.sends(self.people[who], path, **form)

    def _episodes(self) -> None:
        visit = self.rig.visit(policy_number())
        visit.accepted()
        visit.claim_vouchers()
        visit.decide()
        stay = Cycle.opened(self.rig, [first_there(), second_here(3)], version=1)
        assert isinstance(stay, Cycle)
        stay.send(stay.bill)
        stay.confirmed()
        stay.correct("late_charge", 1, [*stay.bill["lines"], DRUG])
        stay.confirmed()
        guaranteed = at_desk(self.rig)
        (letter,) = guaranteed.rows().guarantees
        self.places |= {"guaranteed": guaranteed.episode, "letter": letter.reference}
        bureau = self.clinic.open(DAUGHTER, fund(POOL)).episode
        attempts = "select attempt_id from outbound_message where episode_id = %(id)s order by 1"
        named = varied(
            example("episode-2-voucher"), visit={"number": NAMED}, patient={"name": NAME}
        )
        _, opened = self.rig.say(SubmissionKind.EPISODE, named)
        assert opened.status == 201, opened.body
        self.places |= {
            "visit": visit.episode,
            "empty": self.rig.open([{"funder": "voucher"}]),
            "stay": stay.episode,
            "bill": stay.bill["number"],
            "bureau": bureau,
            "attempt": str(self.rig._select(attempts, id=bureau)[0]["attempt_id"]),
        }
        put = self.house.patients.api.documents.put
        self.places["paper"] = asyncio.run(put(WINDOW, visit.episode, "image/png", picture("PNG")))
        note = f"{SCRIPT} {LONG} {'no-space-at-all-' * 8}"
        self._sends("staff", f"/console/episodes/{visit.episode}/notes", text=note)
        self._sends("staff", "/console/views", page="episodes", name=SCRIPT, query="state=open")

    def _repairs(self) -> None:
        self.places["held"] = self.rig.visit(policy_number()).episode
        Repairer(self.rig, self.places["held"], STAFF, "KEY-1").holds(note=f"{SCRIPT}{LONG}")
        self.places["cycle"] = settled(self.rig).episode
        returned = walk(self.rig, 0)
        returned.decide()
        returned.stay.reserve()
        first = returned._payouts("reserved")[0]
        returned.order(first)
        returned.says(first, PaymentState.REJECTED, "AC01")
        self.places["returned"] = returned.stay.episode
        for place in ("skippable", "skipped"):
            record = RecordRig.of(self.rig).open([JOIN])
            assert record.hand_in(b"%PDF-1.7 summary").status == 201
            self.places[place] = record.id
        body = proposal(record)
        assert staff(record, "KEY-2").say(SubmissionKind.SKIP, body, NOW).status == 202
        self.places["to_skip"] = str(body["number"])

    def _work(self) -> None:
        for number, code in enumerate(("BILL_FLAGGED", "STEP_FAILED", "GUARANTEE_REFUSED")):
            self.rig.change(
                "insert into exception_item (episode_id, code, reference, opened_at)"
                " values (%(id)s, %(code)s, %(code)s, now() - make_interval(days => %(days)s))",
                id=self.places["visit"],
                code=code,
                days=number,
            )
        rows = "select id from exception_item where episode_id = %(id)s order by id"
        item = self.rig._select(rows, id=self.places["visit"])[0]["id"]
        self.places["item"] = f"x{item}"
        form = {"do": "note", "item": f"x{item}.0", "text": f"{SCRIPT} {LONG}"}
        action = self._sends("staff", "/console/exceptions/actions", **form)
        self.places["action"] = action.partition("?")[0].rpartition("/")[2]

    def _claims(self) -> None:
        episode, _ = sent(self.rig, many_units())
        decide(self.rig, episode)
        one = claim_of(self.rig, episode).id
        wish: Body = {"number": f"IR-{one}", "claim": one, "asked_of": "patient"}
        wish |= {"documents": [{"type": "ebill", "line": 1}]}
        asked = SubmissionKind.INFORMATION_REQUEST
        self.rig.say(asked, wish, episode, organisation=INSURER)
        (request,) = self.rig.rows(episode).information_requests
        content = pdf_of("electronic bill of the visit")
        put = self.house.patients.api.documents.put
        sha256 = asyncio.run(put(VICTORIA, episode, "application/pdf", content))
        answer = {"request": request.id, "item": 1, "sha256": sha256}
        kind = SubmissionKind.INFORMATION_ANSWER
        self.rig.say(kind, answer, episode, organisation=INSURER, key_id="ul_0123456789ab")
        self.places |= {"claimed": episode, "claim": one, "claim_paper": sha256}

    def _finance(self) -> None:
        paying = PayoutDesk.of(self.rig, self.folder, payout_approval_above_fen=1)
        self.places["payout"] = paying.payout(paying.reserved("maker")).reference
        twice = PayoutDesk.of(self.rig, self.folder)
        self.places["claw_back"] = owed(twice, paid_twice(twice)[0]).reference
        desk = Desk.of(self.rig, self.folder)
        foreign(desk)
        remit(desk, {"THEIR-NUMBER": 700})
        theirs = next(one for one in open_items(desk, HARBOUR) if one["side"] == "theirs")
        self.places |= {
            "bank_day": f"days/{desk.bank}/{desk.key.account}/{DAY}",
            "source_day": f"sources/remittance/{HARBOUR}/{theirs['day']}",
        }

    def _rules_and_operations(self) -> None:
        text = (shipped_text(PLAN, demonstration=True) or "").replace("\n  en: ", "\n  en: X ", 1)
        form = {"plan": text, "reason": f"{SCRIPT} {LONG}"}
        kept = self._sends("staff", "/console/rules/proposals", **form)
        self.places["proposal"] = kept.partition("?")[0].rpartition("/")[2]
        runs = self.rig.world.plans.find(PLAN)
        assert runs is not None
        self.places["version"] = runs.version
        for attempt, outcome in ((1, "unknown"), (2, "not_taken")):
            self.rig.change(
                "insert into outbound_attempt (episode_id, party, operation, reference, attempt,"
                " occurred_at, started_at, finished_at, outcome) values (%(episode)s, %(party)s,"
                " 'claim', %(reference)s, %(attempt)s, now(), now() - interval '20 seconds',"
                " now() - interval '18 seconds', %(outcome)s)",
                episode=self.places["visit"],
                party=PARTY,
                reference=f"SLOW-{self.places['visit']}",
                attempt=attempt,
                outcome=outcome,
            )

    def _webhooks(self) -> None:
        own = self.house.own
        worker = worker_house(own.settings)
        desk = WebhookDesk(own.database, own.keyring, lambda: datetime.now(UTC), allow_private=True)
        hooks = Hooks(self.rig, desk, SqlWebhookOutbox(worker.database, worker.keyring))
        address = f"https://hooks.example.com/{'a-long-way-' * 10}in"

        async def given_up() -> tuple[str, str]:
            endpoint = await hooks.listens(url=address, types=["episode.opened"])
            return endpoint, await desk.ping(LISTENER, endpoint, None)

        endpoint, message = asyncio.run(given_up())
        (due,) = [one for one in hooks.due() if one.message.id == message]
        hooks.outbox.note(due, GONE, datetime.now(UTC))
        worker.database.close()
        self.places |= {"endpoint": endpoint, "event": message}

    def _patients(self) -> None:
        person = someone()
        insured = insured_by(MUTUAL, policy_number())
        opened = self.rig.open([{"funder": "voucher"}, insured], patient=person.told())
        treated = Visit(self.rig, opened)
        treated.accepted()
        treated.decide()
        coming = person.visit(self.rig)
        content = claim(information=wanted("receipt", "test_report"))
        content["information"]["documents"][0]["note"] = SCRIPT
        kind = SubmissionKind.PAPER_CLAIM
        lacking, _ = self.rig.say(kind, content, organisation=INSURER, at=APPROVED)
        ends = content["patient"]["documents"][0]["number"][-4:]
        spouse = someone("1951-02-03")
        shared = self._shared_with(spouse)
        self.places |= {
            "treated": treated.episode,
            "coming": coming,
            "decided": treated.claim("direct").id,
            "lacking": lacking,
            "shared": shared,
            "link": asyncio.run(self._link(coming)),
        }
        self.patients = {
            "patient": self._comes_in(coming, person.ends),
            "claimant": self._comes_in(lacking, ends, by=VICTORIA),
            "spouse": self._comes_in(shared, spouse.ends, "spouse"),
        }

    def _shared_with(self, spouse: Person) -> str:
        share = {
            "type": "SPOUSE_SHARE",
            "text_version": "2025-01",
            "signed_at": "2026-04-02T09:00:00+08:00",
            "channel": "paper",
            "given_by": "spouse",
        }
        episode = someone().visit(self.rig, consents=[share])
        named = {"type": "hkid", "number": spouse.number}
        born = date.fromisoformat(spouse.born)
        about = {"name": {"en": "WONG Mei"}, "birth_date": born, "document": named}
        with self.rig.world.records.transaction() as tx:
            tx.put_spouse(episode, SpouseSubmission.model_validate(about), AT)
        return episode

    async def _link(self, episode: str, bearer: str = "patient", by: Principal = WINDOW) -> str:
        links = self.house.patients.api.patient_links
        assert links is not None
        made = await links.make(by, episode, Bearer(bearer))
        return made.url.rpartition("/")[2]

    def _comes_in(
        self, episode: str, ends: str, bearer: str = "patient", by: Principal = WINDOW
    ) -> tuple[str, str]:
        """The name and value of the session's cookie."""
        link = asyncio.run(self._link(episode, bearer, by))
        answer = httpx.post(
            f"{self.house.url}/patient/in", data={"link": link, "document": ends}, trust_env=False
        )
        assert answer.status_code == 303, answer.text
        ((name, value),) = answer.cookies.items()
        return name, value

    def day_to_match(self) -> tuple[Desk, list[str]]:
        """A bank's day with two of its entries and the two payouts that they are."""
        desk = Desk.of(self.rig, self.folder)
        ours = [desk.payout(minor) for minor in (5000, 700)]
        lines = (booked("DBIT", f"LETTER-{n}", m, payee="") for n, m in enumerate((5000, 700)))
        # The browser's own loop runs in this thread.
        with ThreadPoolExecutor(1) as bank:
            bank.submit(desk.comes, desk.statement(*lines, net=-5700)).result()
        return desk, ours

    def leave(self) -> None:
        """Nothing of it is heard of or waited for in other tests."""
        with self.house.own.database.begin(HOSPITAL) as connection:
            connection.execute("update webhook_endpoint set ended_at = now()", {})
        over = "update exception_item set resolved_at = now() where episode_id = %(id)s"
        self.rig.change(over, id=self.places["visit"])
