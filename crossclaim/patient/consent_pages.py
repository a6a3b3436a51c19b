"""What a patient agreed to, and taking it back: its effects are shown before."""

from __future__ import annotations

from datetime import datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossclaim.domain.allocation import Sentence
from crossclaim.domain.consent_wording import ConsentTextRead
from crossclaim.domain.errors import NotFound
from crossclaim.domain.patient_bearer import Sight, gives
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import ConsentType, SubmissionKind
from crossclaim.patient.entrance import enter, episode_path, form_of, keep_language
from crossclaim.patient.sending import sent
from crossclaim.patient.services import PatientSession, services_of
from crossclaim.patient.view import page
from crossclaim.security.principal import HOSPITAL_ROLES


async def consents(request: Request) -> Response:
    session, episode_id = await enter(request, Sight.CONSENTS)
    given = await services_of(request).desk.consents(session, episode_id)
    whole = session.principal.role in HOSPITAL_ROLES
    texts = [await _text(request, one.type.value, one.text_version) for one in given]
    signed = [
        None if text is None else text.signed(one.text_sha256)
        for one, text in zip(given, texts, strict=True)
    ]
    told = zip(given, texts, signed, strict=True)
    values = {"consents": list(told), "episode_id": episode_id, "whole": whole}
    return page(request, "consents", session, values)


async def texts(request: Request) -> Response:
    """What may be asked of him, to be read before he signs: by anybody, without a link."""
    keep_language(request)
    services = services_of(request).api
    if services.pacing is not None:
        services.pacing.check_open(request)
    if services.consent_texts is None:
        raise NotFound("texts of consents are not served here")
    today = local_day(services.now())
    found = [one for one in await services.consent_texts.listed() if one.in_use(today)]
    return page(request, "texts", None, {"texts": found})


async def _text(request: Request, kind: str, version: str) -> ConsentTextRead | None:
    """The words of a version; None where nobody here has them."""
    known = services_of(request).api.consent_texts
    if known is None:
        return None
    try:
        return await known.text(kind, version)
    except NotFound:
        return None


async def before(request: Request) -> Response:
    """What would stop, what would stay, and who would pay what."""
    session, episode_id = await enter(request, Sight.CONSENTS)
    given = request.query_params
    consent, recipient = _named(given.get("type", ""), given.get("recipient", ""))
    return await _shown(request, session, episode_id, consent, recipient, [])


async def withdraw(request: Request) -> Response:
    """Goes the way of every withdrawal; its moment is the commit of its row."""
    session, episode_id, form = await form_of(request, Sight.CONSENTS)
    consent, recipient = _named(str(form.get("type", "")), str(form.get("recipient", "")))
    services = services_of(request)
    if not (await services.desk.preview(session, episode_id, consent, recipient)).ended:
        # It was taken back meanwhile, or never given: the page says so.
        return await _shown(request, session, episode_id, consent, recipient, [])
    content: dict[str, object] = {
        "number": str(form.get("number", "")),
        "withdrawn": consent.value,
        "withdrawn_by": gives(session.bearer),
        "stated_at": _moment(str(form.get("stated_at", "")), services.api.now()).isoformat(),
    }
    if recipient is not None:
        content["recipient"] = recipient
    kind = SubmissionKind.CONSENT
    done, refusals = await sent(services.api, session, kind, episode_id, content)
    if refusals:
        return await _shown(request, session, episode_id, consent, recipient, refusals)
    word = "is_taken_back" if done else "is_passed_on"
    return RedirectResponse(episode_path(episode_id, f"/consents?said={word}"), 303)


async def _shown(
    request: Request,
    session: PatientSession,
    episode_id: str,
    consent: ConsentType,
    recipient: str | None,
    refusals: list[Sentence],
) -> Response:
    services = services_of(request)
    found = await services.desk.preview(session, episode_id, consent, recipient)
    values = {
        "preview": found,
        "consent": consent.value,
        "recipient": recipient or "",
        "episode_id": episode_id,
        "stated_at": services.api.now().isoformat(timespec="seconds"),
        "refusals": refusals,
    }
    return page(request, "withdraw", session, values, 422 if refusals else 200)


def _named(type_: str, recipient: str) -> tuple[ConsentType, str | None]:
    """Raises ``NotFound`` for a consent that there is not."""
    try:
        return ConsentType(type_), recipient[:80] or None
    except ValueError:
        raise NotFound("there is no such consent") from None


def _moment(stated: str, now: datetime) -> datetime:
    """When the page was shown, so that a form that is sent twice says the same twice."""
    try:
        moment = datetime.fromisoformat(stated)
    except ValueError:
        return now
    return moment if moment.tzinfo is not None and moment <= now else now
