"""Asks the bureau who is insured, before any bill: a row for each coverage that it pays."""

from __future__ import annotations

from collections.abc import Callable

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.coded import party_code
from activities.orders import Subject
from activities.records import EpisodeTransaction
from activities.sending import Attempt, open_attempt, recorded
from activities.stock import standing_in
from activities.world import World
from crossclaim.domain.basic_facts import HospitalLevel
from crossclaim.domain.bureau import (
    BUREAU,
    AnswerContradicts,
    Institution,
    PersonQuery,
    VisitOrder,
)
from crossclaim.domain.bureau_facts import AT_THE_BUREAU, care_of, place_of
from crossclaim.domain.bureau_quote import BureauAccount
from crossclaim.domain.combination import fund_barred
from crossclaim.domain.errors import CrossclaimError, Final
from crossclaim.domain.family_account import Place
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.reference import Designation
from crossclaim.domain.sentences import Reason
from crossclaim.domain.standing import Standing
from crossclaim.domain.standing_bureau import (
    CONSENTS,
    bureau_coverages,
    is_stay,
    look_up_due,
    registration_refused,
)
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import EpisodeSubmission, FunderKind

REFUSED = "BUREAU_LOOK_UP_REFUSED"
_TOLD_BY_NAME = ("BUREAU_CONSENT_MISSING", "BUREAU_NOT_DESIGNATED", "BUREAU_PERSON_UNKNOWN")
"""What needs no reason of the bureau's own."""


def suffix(id_: str) -> str:
    """What of an id of ours may stand in a reference."""
    return id_.partition("_")[2]


def set_aside(
    world: World, order: Subject, attempt: Attempt, error: AnswerContradicts, about: str
) -> None:
    """Keeps the answer that cannot be true, closes the attempt and tells a person."""
    with world.records.transaction() as tx:
        tx.hold(order.episode_id)
        keep(tx, order, attempt, error, about)
        tx.change_episode(order.episode_id)


def keep(
    tx: EpisodeTransaction, order: Subject, attempt: Attempt, error: AnswerContradicts, about: str
) -> None:
    """The same, in a transaction that holds the episode."""
    tx.close_attempt(attempt.reference, attempt.operation, attempt.number, "unknown", error.code)
    tx.keep_answer(
        order.episode_id,
        attempt.party,
        attempt.operation,
        attempt.reference,
        error.code,
        error.document,
        order.at,
    )
    details = {"code": error.code}
    tx.open_exception(order.episode_id, "BUREAU_ANSWER_CONTRADICTS", about, details, order.at)


def again(error: AnswerContradicts) -> ApplicationError:
    """The engine takes the step once more later; nothing has been changed by it."""
    return ApplicationError(error.detail, type=error.code)


class InsuredAccountSteps:
    """1101 and 2201 for the whole episode, in one step; of a stay 1101 and 2401."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="look_up_insured")
    def look_up_insured(self, order: Subject) -> Standing:
        """Person, insurance, accounts and the registered visit; or why there is none of them."""
        return self._look_up(order, look_up_due)

    def register_again(self, order: Subject) -> None:
        """The same for a stay that the bureau refused to register before."""
        self._look_up(order, registration_refused)

    def _look_up(self, order: Subject, due: Callable[[EpisodeRows], bool]) -> Standing:
        reference = f"BL{suffix(order.episode_id)}"
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            if not due(rows):
                return standing_in(tx, self._world, order.episode_id, order.at)
            content = tx.episode_content(order.episode_id)
            if self._barred(rows, content):
                code = Reason.BASIC_NOT_COVERED_INTERNATIONAL.value
                return self._nothing(tx, order, rows, "refused", code, told=False)
            designation = self._designation(content)
            if designation is None:
                return self._nothing(tx, order, rows, "refused", "BUREAU_NOT_DESIGNATED")
            attempt = open_attempt(tx, order, BUREAU, "person", reference, CONSENTS)
            if attempt is None:
                return self._nothing(tx, order, rows, "no_consent", "BUREAU_CONSENT_MISSING")
        state, code, account = "found", "", None
        try:
            with recorded(self._world, attempt):
                account = self._ask(order, rows, content, designation, reference)
        except Final as error:
            state, code = "refused", error.code
        except AnswerContradicts as error:
            set_aside(self._world, order, attempt, error, reference)
            raise again(error) from None
        if account is None and state == "found":
            state, code = "absent", "BUREAU_PERSON_UNKNOWN"
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            if state != "refused":
                tx.close_attempt(reference, "person", attempt.number, "answered")
            if not due(rows):
                return standing_in(tx, self._world, order.episode_id, order.at)
            if account is None:
                return self._nothing(tx, order, rows, state, code)
            for coverage in bureau_coverages(rows):
                tx.put_funder_account(
                    order.episode_id, coverage.ordinal, coverage.funder.value, account, order.at
                )
            if is_stay(rows):
                tx.put_bureau_stay(order.episode_id, "admitted", order.at)
            codes = ["BUREAU_ANSWER_CONTRADICTS", "BUREAU_CONSENT_MISSING", REFUSED]
            # Before, a refusal was told under the bureau's own code.
            codes += [known.code for known in rows.funder_accounts if known.code]
            tx.resolve_exceptions(order.episode_id, codes, order.at)
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _barred(self, rows: EpisodeRows, content: EpisodeSubmission) -> bool:
        """A stay that the fund never pays and no account either is not registered there."""
        funders = {coverage.funder for coverage in bureau_coverages(rows)}
        day = local_day(rows.episode.admitted_at or rows.episode.opened_at)
        if not is_stay(rows) or funders != {FunderKind.BASIC_INSURANCE}:
            return False
        return fund_barred(content.visit.channel, day, self._world.plans) is not None

    def _designation(self, content: EpisodeSubmission) -> Designation | None:
        hospital = self._world.reference.hospital(content.hospital)
        return hospital.designation if hospital is not None else None

    def _nothing(
        self,
        tx: EpisodeTransaction,
        order: Subject,
        rows: EpisodeRows,
        state: str,
        code: str,
        *,
        told: bool = True,
    ) -> Standing:
        """Bills can be split, none of them on these coverages; a person hears why."""
        for coverage in bureau_coverages(rows):
            tx.put_funder_account(
                order.episode_id,
                coverage.ordinal,
                coverage.funder.value,
                None,
                order.at,
                state=state,
                code=code,
            )
        if told and code in _TOLD_BY_NAME:
            tx.open_exception(order.episode_id, code, "", {}, order.at)
        elif told:
            details = {"code": party_code(code)}
            tx.open_exception(order.episode_id, REFUSED, "", details, order.at)
        tx.change_episode(order.episode_id)
        return standing_in(tx, self._world, order.episode_id, order.at)

    def _ask(
        self,
        order: Subject,
        rows: EpisodeRows,
        content: EpisodeSubmission,
        designation: Designation,
        reference: str,
    ) -> BureauAccount | None:
        bureau = self._world.bureau
        if bureau is None:
            raise CrossclaimError("no bureau is configured", code="BUREAU_NOT_CONFIGURED")
        institution = Institution(code=designation.code, area=designation.area)
        person = bureau.look_up(person_query(order, content, institution, reference))
        if person is None:
            return None
        care, disease_class = care_of(content, person)
        place = place_of(content, designation.kind == "pharmacy")
        visit = VisitOrder(
            reference=f"{reference}R",
            institution=institution,
            person_number=person.number,
            area_code=person.area_code,
            visit_number=content.visit.number,
            care=care,
            disease_class=disease_class,
            pharmacy=place is Place.DESIGNATED_PHARMACY,
            begins=rows.episode.admitted_at if is_stay(rows) else None,
            filing=content.visit.out_of_area_filing or "",
            at=order.at,
        )
        registered = bureau.register(visit)
        return BureauAccount(
            person=person,
            visit_id=registered.visit_id,
            institution=institution,
            level=HospitalLevel(designation.level) if designation.level else None,
            place=place,
            care=care,
            disease_class=disease_class,
            filed=registered.filed,
        )


def person_query(
    order: Subject, content: EpisodeSubmission, institution: Institution, reference: str
) -> PersonQuery:
    """The card or e-code that was presented stands as the coverage's number."""
    shown = (c.policy_number for c in content.coverages if c.funder in AT_THE_BUREAU)
    return PersonQuery(
        reference=reference,
        institution=institution,
        document=content.patient.documents[0],
        name=content.patient.name,
        card_number=next((number for number in shown if number), ""),
        at=order.at,
    )


def account_of(tx: EpisodeTransaction, rows: EpisodeRows) -> BureauAccount | None:
    """The insured person as he was looked up; all coverages at the bureau have the same."""
    for account in rows.funder_accounts:
        if account.state == "found" and account.funder in AT_THE_BUREAU:
            text = tx.funder_account(rows.episode.id, account.ordinal)
            return BureauAccount.model_validate_json(text) if text else None
    return None
