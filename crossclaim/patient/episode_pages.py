"""A patient's episodes: where each stands, what is missing, its money, its letters, who looked."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossclaim.console.view import language_of
from crossclaim.domain.errors import NotFound
from crossclaim.domain.information_submission import NotHad
from crossclaim.domain.issued_paper import PaperKind
from crossclaim.domain.money import Money, fen
from crossclaim.domain.patient_bearer import Bearer, Sight
from crossclaim.patient.entrance import enter, episode_path, form_of, id_of, text_of
from crossclaim.patient.services import services_of
from crossclaim.patient.view import page

_LETTERS = {"decision": PaperKind.DECISION_LETTER, "benefits": PaperKind.EXPLANATION_OF_BENEFITS}
_MOST = Decimal(100_000_000)


async def home(request: Request) -> Response:
    session, _ = await enter(request)
    if session.bearer is Bearer.SPOUSE:
        return RedirectResponse(episode_path(session.episodes[0], "/vouchers"), 303)
    found = await services_of(request).desk.episodes(session)
    if len(found) == 1:
        return RedirectResponse(episode_path(found[0].id), 303)
    return page(request, "home", session, {"episodes": found})


async def episode(request: Request) -> Response:
    session, episode_id = await enter(request, Sight.EPISODE)
    record = await services_of(request).desk.record(session, episode_id)
    values = {"record": record, "episode_id": episode_id, "reasons": [r.value for r in NotHad]}
    return page(request, "episode", session, {**values, "refusals": []})


async def vouchers(request: Request) -> Response:
    """What a spouse may see: his vouchers, and nothing of the care that they paid for."""
    session, episode_id = await enter(request, Sight.OWN_VOUCHERS)
    uses = await services_of(request).desk.spouses_uses(session, episode_id)
    return page(request, "vouchers", session, {"uses": uses, "episode_id": episode_id})


async def letter(request: Request) -> Response:
    """A decision's letter or the explanation of its benefits, as it was issued."""
    session, episode_id = await enter(request, Sight.EPISODE)
    claim_id, kind = id_of(request, "claim_id"), _LETTERS.get(id_of(request, "kind"))
    services = services_of(request)
    record = await services.desk.record(session, episode_id)
    papers = services.api.papers
    known = any(one.claim_id == claim_id for one in record.decisions)
    if kind is None or papers is None or not known:
        raise NotFound("there is no such page")
    language = language_of(request).value
    made = await papers.of_claim(session.principal, claim_id, kind, language)
    headers = {"Content-Disposition": f'inline; filename="{made.number}.pdf"'}
    return Response(made.content, media_type="application/pdf", headers=headers)


async def looks(request: Request) -> Response:
    session, episode_id = await enter(request, Sight.LOOKS)
    after = request.query_params.get("after", "")
    found = await services_of(request).desk.looks(session, episode_id, after)
    values = {"found": found, "episode_id": episode_id, "later": bool(after)}
    return page(request, "looks", session, values)


async def estimate_form(request: Request) -> Response:
    session, episode_id = await enter(request, Sight.ACTS)
    record = await services_of(request).desk.record(session, episode_id)
    if not record.estimates:
        raise NotFound("there is no such page")
    values = {"episode_id": episode_id, "typed": "", "estimate": None, "wrong": False}
    return page(request, "estimate", session, values)


async def estimate(request: Request) -> Response:
    """Nothing is kept of it: an estimate is worked out and told."""
    session, episode_id, form = await form_of(request, Sight.ACTS)
    typed = text_of(form)[:20]
    planned = _amount(typed)
    found = None
    if planned is not None:
        found = await services_of(request).desk.estimate(session, episode_id, planned)
    values = {"episode_id": episode_id, "typed": typed, "estimate": found}
    status = 200 if planned is not None else 422
    return page(request, "estimate", session, {**values, "wrong": planned is None}, status)


def _amount(typed: str) -> Money | None:
    """RMB with at most two decimals; thousands may be set apart."""
    plain = typed.replace(",", "").replace(" ", "")
    try:
        amount = Decimal(plain) if plain.isascii() else Decimal(0)
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 < amount <= _MOST or amount * 100 % 1:
        return None
    return fen(int(amount * 100))
