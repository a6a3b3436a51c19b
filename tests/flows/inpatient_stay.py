"""Scenario E5 from consent to discharge, with a policy of its own in every test."""

from __future__ import annotations

from typing import Any

from tests.flows.hospital import Body, Episode, Hospital, example, next_number, tender_of, varied

ADMITTED = {"admitted_at": "2026-03-11T09:20:00+08:00"}
DISCHARGED = {"discharged_at": "2026-03-14T10:00:00+08:00"}
AT_DISCHARGE = "2026-03-14T10:50:00+08:00"
PATIENT_ACCOUNT = "6200000000000047"
HERE, HERE_POLICY, HERE_LIMITED = "kowloon-mutual", "KM-2025-000052", "KM-2025-000054"
THERE, THERE_LIMITED = "harbour-life", "HL-2025-000053"


class InpatientStay:
    """One stay at the international centre; ``there`` gives it a policy that nobody else has."""

    def __init__(
        self, hospital: Hospital, insurer: str = HERE, policy: str = HERE_POLICY, **changes: Any
    ) -> None:
        number = next_number()
        self._hospital = hospital
        # Our own book of policies counts what each has used, so every stay has a policy of its own.
        self.policy = policy if insurer == THERE else f"{policy}-{number}"
        submission = example("episode-1-inpatient")
        consents = [
            {**consent, "recipient": insurer} if "recipient" in consent else consent
            for consent in submission["consents"]
        ]
        coverage = {**submission["coverages"][0], "organisation": insurer}
        coverage["policy_number"] = self.policy
        changes = {"consents": consents, "coverages": [coverage], **changes}
        visit = {"number": f"ZY20260311-{number:05d}"}
        self.submission = varied(submission, visit=visit, **changes)
        self.interim = varied(example("episode-1-bill-interim"), number=f"F20260314-{number:05d}")
        self.bill = varied(example("episode-1-bill-final"), number=f"F20260314-{number:05d}")

    @classmethod
    def there(cls, hospital: Hospital) -> InpatientStay:
        return cls(hospital, THERE, f"HL-2025-B{next_number():05d}")

    def open(self) -> Episode:
        return self._hospital.open(self.submission)

    def until_discharge(self) -> Episode:
        """Opened, admitted, discharged; the final bill is still to come."""
        episode = self.open()
        episode.say("admission", ADMITTED)
        episode.say("discharge", DISCHARGED)
        return episode

    def billed_before_discharge(self, paid: str = "20810.17") -> Episode:
        """All is said but the discharge: the payout's reference is known before it is made."""
        episode = self.open()
        episode.say("admission", ADMITTED)
        split = episode.say("bills", self.bill)
        self.payout = f"PO{split['bill']['id'].partition('_')[2]}"
        self.claim = f"CL{split['bill']['id'].partition('_')[2]}"
        episode.say("tenders", tender_of(self.bill, paid, AT_DISCHARGE))
        return episode

    def reimbursement(self) -> Body:
        return {
            "bill_number": self.bill["number"],
            "bill_version": self.bill["version"],
            "requested_at": "2026-03-20T10:00:00+08:00",
            "account": {
                "holder": "CHAN Tai Man",
                "number": PATIENT_ACCOUNT,
                "bank_name": "Bank of China Shenzhen",
                "bank_code": "402000000027",
            },
        }
