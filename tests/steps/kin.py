"""Family bindings of the bureau's invented people, made and ended as the city's office does."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ulid import ULID

from activities.binding_orders import FamilyApply
from activities.family_bindings import FamilyBindingSteps
from crossclaim.api.family_examples import FAMILY_EXAMPLES
from crossclaim.domain.family_submission import FamilyBindingSubmission
from crossclaim.domain.submission import SubmissionKind
from crossclaim.gateways.family_office import FamilyOfficeGateway
from tests.flows.hospital import Body, varied
from tests.steps.clinic import DAUGHTER, FATHER, PERSON, Clinic
from tests.steps.rig import HOSPITAL, Answer

SINCE = "2025-01-06"
_numbers = itertools.count(1)


def applied(
    clinic: Clinic,
    user: str = FATHER,
    authoriser: str = DAUGHTER,
    *,
    relation: str = "parent",
    on: str = "2025-01-03",
) -> str:
    """A binding that waits for its review."""
    raw = varied(
        FAMILY_EXAMPLES[FamilyBindingSubmission],
        number=f"KIN-{next(_numbers)}",
        applied_at=f"{on}T09:15:00+08:00",
        relation=relation,
    )
    for side, number in (("authoriser", authoriser), ("user", user)):
        kind = "hkid" if number[0].isalpha() else "mainland_id"
        raw[side]["document"] = {"type": kind, "number": number}
    binding, answer = _say(clinic, SubmissionKind.FAMILY_BINDING, raw)
    assert answer.status == 201, answer.body
    return binding


def bound(
    clinic: Clinic,
    user: str = FATHER,
    authoriser: str = DAUGHTER,
    *,
    on: str = SINCE,
    relation: str = "parent",
) -> str:
    binding = applied(clinic, user, authoriser, relation=relation, on=min(on, "2025-01-03"))
    _office_says(clinic, binding, "approved", decided_on=on)
    return binding


def ended(clinic: Clinic, binding: str, on: str) -> None:
    """The office has ended it: it holds no more from this day on."""
    _office_says(clinic, binding, "ended", ended_on=on)


def end_all(clinic: Clinic) -> None:
    """What the tests before have bound never held, and their unsettled bills take nothing."""
    with clinic.rig.database.begin() as connection:
        connection.execute("update account_hold set released_at = now() where released_at is null")
        live = connection.execute(
            "select id, state, coalesce(bound_on, date '2025-01-03') as since from family_binding"
            " where state in ('applied', 'under_review', 'bound') and number like 'KIN-%%'"
        ).all()
    for row in live:
        ended(clinic, row.id, str(row.since))


def shared_there(clinic: Clinic, **changes: Any) -> None:
    """What the bureau itself says of the daughter's account and her father."""
    row = {"holder": PERSON[DAUGHTER], "user": PERSON[FATHER], "relation": "parent"}
    binding = {**row, "approved_on": SINCE, **changes}
    clinic.bureau._control.put(
        "/_control/tables", json={"bindings": {"B1": binding}}
    ).raise_for_status()


def used(clinic: Clinic, binding: str) -> list[int]:
    """Fen that bills took by a binding; what was given back is below zero."""
    with clinic.rig.database.begin() as connection:
        rows = connection.execute(
            "select amount_minor, reversal from family_account_use where binding_id = %(id)s"
            " order by recorded_at, version, reversal",
            {"id": binding},
        ).all()
    return [-row.amount_minor if row.reversal else row.amount_minor for row in rows]


def _office_says(clinic: Clinic, binding: str, status: str, **members: Any) -> None:
    reference = binding.replace("_", "").upper()
    message = {"reference": reference, "application_number": "JM1", "status": status, **members}
    content = {"message": json.dumps(message)}
    _, answer = _say(clinic, SubmissionKind.OFFICE_ANSWER, content, binding)
    assert answer.body["status"] == "received", answer.body


def _say(
    clinic: Clinic, kind: SubmissionKind, content: Body, binding: str = ""
) -> tuple[str, Answer]:
    rig = clinic.rig
    received = rig.intake.receive(
        HOSPITAL,
        kind,
        submission_id=f"sb_{ULID()}",
        episode_id=binding or f"fb_{ULID()}",
        business_key=f"kin-{next(_numbers)}",
        content=content,
        idempotency_key=None,
    )
    http = clinic.bureau.http()
    world = replace(clinic.world, family_office=FamilyOfficeGateway(http))
    order = FamilyApply(
        subject_id=received.episode_id,
        submission_id=received.id,
        at=datetime(2025, 4, 10, 1, 0, tzinfo=UTC),
    )
    FamilyBindingSteps(world).apply_family_submission(order)
    http.close()
    with rig.database.begin() as connection:
        outcome = connection.execute(
            "select outcome from submission where id = %(id)s", {"id": received.id}
        ).scalar_one()
    return received.episode_id, Answer(outcome["status"], outcome["body"])
