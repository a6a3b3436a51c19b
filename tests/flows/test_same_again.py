"""The same submission again, at once or much later, and another one under the same name."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.flows.hospital import Body, Hospital, cny, varied
from tests.flows.money import ledger, with_vouchers
from tests.flows.simulator import Simulator
from tests.flows.voucher_visit import VoucherVisit

AT_ONCE = 10


def ten_at_once(hospital: Hospital, path: str, body: Body) -> set[tuple[int, bytes]]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda _: hospital.post(path, body), range(AT_ONCE)))
    return {(a.status_code, a.content) for a in answers}


def test_ten_at_once_and_again_after_the_close_are_one_episode_and_one_bill(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = VoucherVisit(jiangmen, voucher)
    (opened,) = ten_at_once(jiangmen, "/v1/episodes", visit.submission)
    assert opened[0] == 201
    episode = visit.open()
    bills = f"{episode.path}/bills"
    (billed,) = ten_at_once(jiangmen, bills, visit.bill)
    assert billed[0] == 200
    episode.say("tenders", visit.signed_tender("0.82"))
    rows = episode.closed()
    for path, body, first in (
        ("/v1/episodes", visit.submission, opened),
        (bills, visit.bill, billed),
    ):
        again = jiangmen.post(path, body)
        assert (again.status_code, again.content) == first
        assert again.headers["idempotent-replayed"] == "true"
    assert episode.rows() == rows
    found = jiangmen.get(f"/v1/episodes?visit={visit.submission['visit']['number']}").json()
    assert [e["id"] for e in found["episodes"]] == [episode.id]
    assert ledger(rows) == with_vouchers("jiangmen-central", 1405)


def test_a_naive_desk_that_numbers_every_try_anew_makes_an_episode_of_each(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = VoucherVisit(jiangmen, voucher)
    number = visit.submission["visit"]["number"]
    tries = [varied(visit.submission, visit={"number": f"{number}-{n}"}) for n in range(3)]
    assert len({jiangmen.open(one).id for one in tries}) == 3


def test_other_content_under_the_same_name_is_a_conflict_that_says_where(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = VoucherVisit(jiangmen, voucher)
    episode = visit.open()
    other = varied(visit.submission, patient={"mobile": "+85261230009"})
    answer = jiangmen.post("/v1/episodes", other)
    assert (answer.status_code, answer.json()["code"]) == (409, "SUBMISSION_DIFFERS")
    assert [e["pointer"] for e in answer.json()["errors"]] == ["/patient/mobile"]
    assert "61230002" not in answer.text
    episode.say("bills", visit.bill)
    lines = [dict(line) for line in visit.bill["lines"]]
    lines[0] |= {"unit_price": cny("61.00"), "amount": cny("61.00")}
    dearer = varied(visit.bill, lines=lines, total=cny("1287.40"))
    answer = jiangmen.post(f"{episode.path}/bills", dearer)
    assert answer.status_code == 409
    assert [e["pointer"] for e in answer.json()["errors"]] == [
        "/lines/0/amount/amount",
        "/lines/0/unit_price/amount",
        "/total/amount",
    ]


def test_an_idempotency_key_belongs_to_one_body_for_ever(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    first, second = VoucherVisit(jiangmen, voucher), VoucherVisit(jiangmen, voucher)
    key = {"Idempotency-Key": f"key-{first.account}"}
    taken = jiangmen.post("/v1/episodes", first.submission, key)
    assert taken.status_code == 201
    again = jiangmen.post("/v1/episodes", first.submission, key)
    assert (again.status_code, again.content) == (201, taken.content)
    other = jiangmen.post("/v1/episodes", second.submission, key)
    assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")


def test_anothers_episode_is_answered_as_one_that_does_not_exist(
    jiangmen: Hospital, shenzhen: Hospital, voucher: Simulator
) -> None:
    visit = VoucherVisit(jiangmen, voucher)
    episode = visit.open()
    nowhere = "ep_01ARZ3NDEKTSV4RRFFQ69G5FAV"
    for tail in ("", "/story"):
        theirs = shenzhen.get(f"{episode.path}{tail}")
        none = shenzhen.get(f"/v1/episodes/{nowhere}{tail}")
        assert (theirs.status_code, none.status_code) == (404, 404)
        assert _without_place(theirs.json()) == _without_place(none.json())
    theirs = shenzhen.post(f"{episode.path}/bills", visit.bill)
    none = shenzhen.post(f"/v1/episodes/{nowhere}/bills", visit.bill)
    assert (theirs.status_code, none.status_code) == (404, 404)
    assert _without_place(theirs.json()) == _without_place(none.json())
    assert episode.rows()["bills"] == []


def _without_place(problem: Body) -> Body:
    return {k: v for k, v in problem.items() if k not in ("instance", "correlation_id")}
