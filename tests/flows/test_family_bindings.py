"""Family sharing through the whole system: desk, workflow, office, callback, story."""

from __future__ import annotations

import asyncio
import json
from datetime import date

import psycopg
import pytest
from temporalio.client import WorkflowExecutionStatus

from crossclaim.domain.family_binding import BindingStanding
from crossclaim.stack import Stack, postgres
from crossclaim.wiring import worker_house
from tests.faults.leak_scanner import Scanner
from tests.flows.family_desk import ADDRESS, FamilyDesk
from tests.flows.flow_stack import hospital_of
from tests.flows.hospital import Hospital
from tests.flows.patience import until
from tests.flows.simulator import Simulator
from tests.typed import typed

REFUSED_AT_ONCE = "440604195001010001"
NAMES = ["ZYLPHEKWARDE", "QUORVANTINE", "齉龖", "龗靇"]


def run_of(stack: Stack, binding: str) -> tuple[bool, BindingStanding]:
    """Whether a run is open, and what it says when it is asked."""

    async def look() -> tuple[bool, BindingStanding]:
        house = worker_house(stack.settings)
        client = await house.client(lazy=False)
        handle = client.get_workflow_handle(binding)
        about = await handle.describe()
        found = await handle.query("standing", result_type=BindingStanding)
        house.database.close()
        return about.status is WorkflowExecutionStatus.RUNNING, found

    return asyncio.run(look())


def test_an_application_is_reviewed_and_bound_and_its_run_waits_for_years_and_answers(
    flow_stack: Stack, jiangmen: Hospital, office: Simulator
) -> None:
    desk = FamilyDesk(jiangmen).apply()
    bound = desk.wait(state="bound")
    assert (bound["relation"], bound["channel_deducts"], bound["exceptions"]) == (
        "parent",
        True,
        [],
    )
    assert bound["bound_on"] == str(date.fromisoformat(bound["bound_on"]))
    assert len(office.journal("taken", reference=desk.reference)) == 1
    running, standing = run_of(flow_stack, desk.id)
    assert (running, standing.state, standing.waiting_for) == (True, "bound", "END_OF_SHARING")
    listed = jiangmen.get(f"{ADDRESS}?state=bound&limit=200").json()["bindings"]
    assert desk.id in [one["binding_id"] for one in listed]
    assert desk.id not in jiangmen.get(f"{ADDRESS}?state=refused&limit=200").text


def test_a_binding_over_wechat_is_bound_and_says_that_wechat_cannot_take_money_yet(
    jiangmen: Hospital, office: Simulator
) -> None:
    desk = FamilyDesk(jiangmen, channel="wechat").apply()
    bound = desk.wait(state="bound")
    assert bound["channel_deducts"] is False
    assert "亲情账号绑定/解绑" in bound["channel_name"]["zh_hans"]


def test_a_refusal_has_its_reason_in_three_languages_and_a_new_application_names_it(
    jiangmen: Hospital, office: Simulator
) -> None:
    old = FamilyDesk(jiangmen)
    decision = {"decision": "refuse", "reason": "RELATION_NOT_PROVEN"}
    office.tables(decisions={old.pair[1]: decision})
    old.apply().wait(state="refused")
    assert "the papers do not prove the relation" in old.story("en")
    assert "材料未能證明親屬關係" in old.story("zh-Hant")
    assert "材料未能证明亲属关系" in old.story("zh-Hans")
    assert jiangmen.refused(f"{old.path}/unbind", unbinding()) == ["FAMILY_NOTHING_TO_UNBIND"]
    office.tables(decisions={old.pair[1]: {"decision": "approve"}})
    new = FamilyDesk(jiangmen)
    number = new.submission["number"]
    new.submission = {**old.submission, "number": number, "replaces": old.id}
    assert new.apply().wait(state="bound")["replaces"] == old.id


def unbinding() -> dict[str, str]:
    return {"asked_by": "authoriser", "asked_at": "2026-03-04T10:00:00+08:00"}


def test_every_fault_comes_at_once_and_nothing_is_sent(
    jiangmen: Hospital, office: Simulator
) -> None:
    before = len(office.journal("taken"))
    desk = FamilyDesk(jiangmen, relation="other", papers=[])
    desk.submission["authoriser"]["insurance"] = "RESIDENT"
    desk.submission["user"] |= {"insured": False}
    assert set(jiangmen.refused(ADDRESS, desk.submission)) == {
        "FAMILY_RELATION_NOT_ALLOWED",
        "FAMILY_PAPER_MISSING",
        "FAMILY_NO_PERSONAL_ACCOUNT",
        "FAMILY_USER_NOT_INSURED",
    }
    assert len(office.journal("taken")) == before


def test_the_same_application_is_answered_the_same_and_another_content_names_the_difference(
    jiangmen: Hospital, office: Simulator
) -> None:
    desk = FamilyDesk(jiangmen).apply()
    again = jiangmen.post(ADDRESS, desk.submission)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    assert again.json()["binding_id"] == desk.id
    assert again.headers["location"] == desk.path
    other = jiangmen.post(ADDRESS, {**desk.submission, "relation": "spouse"})
    assert (other.status_code, other.json()["errors"][0]["pointer"]) == (409, "/relation")
    key = {"Idempotency-Key": f"family-{desk.id}"}
    first = FamilyDesk(jiangmen)
    assert jiangmen.post(ADDRESS, first.submission, key).status_code == 201
    reused = jiangmen.post(ADDRESS, FamilyDesk(jiangmen).submission, key)
    assert (reused.status_code, reused.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")


def test_after_a_lost_answer_the_office_has_one_application(
    jiangmen: Hospital, office: Simulator
) -> None:
    office.fault("accepted_answer_lost", operation="apply")
    desk = FamilyDesk(jiangmen).apply()
    desk.wait(state="bound")
    assert len(office.journal("taken", reference=desk.reference)) == 1
    assert office.journal("asked_again", reference=desk.reference) == []


def test_a_decision_without_a_callback_is_asked_for(jiangmen: Hospital, office: Simulator) -> None:
    office.fault("no_callback", operation="apply")
    desk = FamilyDesk(jiangmen).apply()
    desk.wait(state="bound")
    assert office.journal("called_back", reference=desk.reference) == []
    assert office.journal("asked", reference=desk.reference)


def test_an_office_that_decides_twice_decides_once(jiangmen: Hospital, office: Simulator) -> None:
    office.fault("decides_twice", operation="apply")
    desk = FamilyDesk(jiangmen).apply()
    office.has_done("called_back", 2, reference=desk.reference, status=204)
    assert (desk.now()["state"], desk.exceptions()) == ("bound", [])


def test_an_office_that_contradicts_itself_is_shown_to_a_person_and_changes_nothing(
    jiangmen: Hospital, office: Simulator
) -> None:
    office.fault("contradicts", operation="apply")
    desk = FamilyDesk(jiangmen).apply()
    office.has_done("called_back", 2, reference=desk.reference, status=204)
    found = until(lambda: desk.exceptions(), "the exception")
    assert (desk.now()["state"], found) == ("bound", ["OFFICE_CONTRADICTS_ITSELF"])


def test_unbinding_ends_it_here_and_there_and_a_late_approval_binds_nobody(
    flow_stack: Stack, jiangmen: Hospital, office: Simulator
) -> None:
    office.fault("silent", operation="apply", times=-1)
    desk = FamilyDesk(jiangmen).apply()
    desk.wait(state="under_review")
    office.fault("decides_after_end", operation="end", delay_s=0.5)
    assert desk.unbind()["state"] == "unbound"
    assert desk.unbind()["state"] == "unbound"
    office.has_done("called_back", reference=desk.reference, status=204, said="approved")
    assert until(lambda: desk.exceptions(), "the exception") == ["DECIDED_AFTER_UNBINDING"]
    desk.wait(state="unbound", bound_on=None, office_knows_of_end=True)
    assert len(office.journal("ended", reference=desk.reference)) == 2
    until(lambda: not run_of(flow_stack, desk.id)[0], "the end of its last run")


def test_what_comes_after_the_end_of_its_last_run_is_answered_and_changes_nothing(
    flow_stack: Stack, jiangmen: Hospital, office: Simulator
) -> None:
    desk = FamilyDesk(jiangmen).apply()
    desk.wait(state="bound")
    desk.unbind()
    ended = desk.wait(office_knows_of_end=True)
    until(lambda: not run_of(flow_stack, desk.id)[0], "the end of its run")
    for number, status in enumerate(("approved", "refused", "ended"), 2):
        decision = {"reference": desk.reference, "status": status}
        office.order("/decide", decision)
        office.has_done("called_back", number, reference=desk.reference, status=204)
    until(lambda: not run_of(flow_stack, desk.id)[0], "the end of the last run")
    after = desk.now()
    assert {**after, "exceptions": []} == {**ended, "exceptions": []}
    assert desk.exceptions() == ["OFFICE_CONTRADICTS_ITSELF"]


def test_an_application_is_withdrawn_before_the_office_is_reached(
    jiangmen: Hospital, office: Simulator
) -> None:
    office.fault("down", operation="apply", times=3, details={"retry_after_s": 1})
    desk = FamilyDesk(jiangmen).apply()
    assert desk.unbind()["state"] == "unbound"
    desk.wait(office_knows_of_end=True)
    assert office.journal("taken", reference=desk.reference) == []
    assert "before the office had decided" in desk.story("en")


def test_another_desk_finds_no_binding_and_an_insurer_may_not_even_ask(
    flow_stack: Stack, jiangmen: Hospital, shenzhen: Hospital, office: Simulator
) -> None:
    desk = FamilyDesk(jiangmen).apply()
    for path in (desk.path, f"{desk.path}/story", f"{desk.path}/uses?side=user"):
        assert shenzhen.get(path).status_code == 404
    assert shenzhen.post(f"{desk.path}/unbind", {}).status_code == 404
    insurer = hospital_of(flow_stack, "harbour-life")
    assert insurer.get(desk.path).status_code == 403
    insurer.close()


def test_a_family_code_is_linked_read_and_ended_apart_from_any_sharing(
    jiangmen: Hospital,
) -> None:
    desk = FamilyDesk(jiangmen)
    link = jiangmen.say("/v1/family-code-links", desk.link())["link_id"]
    shown = jiangmen.get(f"/v1/family-code-links/{link}").json()
    assert (shown["state"], shown["opens_account"]) == ("linked", False)
    end = {"ended_at": "2026-09-01T10:05:00+08:00"}
    for _ in range(2):
        assert jiangmen.say(f"/v1/family-code-links/{link}/end", end)["state"] == "ended"
    assert jiangmen.get(f"/v1/family-code-links/{link}").json()["state"] == "ended"
    assert jiangmen.get(f"/v1/family-bindings/{link}").status_code == 404


def test_a_callback_without_the_offices_signature_is_not_heard(jiangmen: Hospital) -> None:
    message = {"reference": "FB" + "0" * 26, "application_number": "x", "status": "approved"}
    assert jiangmen.post("/callbacks/family-office", message).status_code == 401


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Family sharing was applied for through Yue Yibao in Alipay"),
        ("zh-Hant", "經支付寶「粵醫保」"),
        ("zh-Hans", "经支付宝“粤医保”"),
    ],
)
def test_the_command_line_tells_the_story_of_a_binding(
    flow_stack: Stack, jiangmen: Hospital, office: Simulator, language: str, words: str
) -> None:
    desk = FamilyDesk(jiangmen).apply()
    desk.wait(state="bound")
    env = {"PATH": "", **flow_stack.settings_env}
    command = ["binding", "show", desk.id]
    options = [f"--lang={language}", f"--data-dir={flow_stack.home.root}"]
    shown = typed(*command, *options, env=env)
    assert shown.returncode == 0, shown.stderr
    assert words in shown.stdout
    as_json = [*command, *options, "--json"]
    told = typed(*as_json, env=env)
    assert json.loads(told.stdout)["state"] == "bound"


def test_no_file_of_ours_holds_a_name_or_number_of_the_two_people(
    flow_stack: Stack, jiangmen: Hospital, office: Simulator
) -> None:
    desk = FamilyDesk(jiangmen)
    desk.submission["authoriser"]["name"] = {"zh": NAMES[2], "en": NAMES[0]}
    desk.submission["user"]["name"] = {"zh": NAMES[3], "en": NAMES[1]}
    desk.apply().wait(state="bound")
    jiangmen.say("/v1/family-code-links", desk.link())
    desk.unbind()
    desk.wait(office_knows_of_end=True)
    superuser = postgres.url(flow_stack.home, flow_stack.ports["POSTGRES"], "postgres")
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("checkpoint")
    home = flow_stack.home
    scanner = Scanner([*NAMES, *desk.pair])
    assert (home.root / "temporal/temporal.db").exists()
    assert scanner.scan_folder(home.root, [home.bank, home.simulators]) == []
    sees = Scanner([desk.pair[1]]).scan_folder(home.simulators)
    assert sees != [], "the office was told who it is, so the silence means something"
