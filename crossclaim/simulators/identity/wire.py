"""The provider's HTTP side: metadata, the page with the people, codes and tokens."""

from __future__ import annotations

import html
import urllib.parse
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from crossclaim.simulators.identity.provider import Provider, Refused

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>Development identity provider</title></head>
<body>
<main>
<h1>Who are you?</h1>
<p>For development on this machine alone: nobody proves anything here.</p>
<form method="post" action="/authorize">
{hidden}
{people}
</form>
</main>
</body>
</html>
"""


def identity_router(provider: Provider) -> APIRouter:
    router = APIRouter()

    @router.get("/.well-known/openid-configuration")
    async def describe() -> dict[str, Any]:
        return {
            "issuer": provider.issuer,
            "authorization_endpoint": f"{provider.issuer}/authorize",
            "token_endpoint": f"{provider.issuer}/token",
            "jwks_uri": f"{provider.issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "backchannel_logout_supported": True,
        }

    @router.get("/jwks")
    async def keys() -> dict[str, Any]:
        return provider.jwks()

    @router.get("/authorize")
    async def ask(request: Request) -> Response:
        asked = dict(request.query_params)
        try:
            provider.check(asked)
        except Refused as refused:
            return JSONResponse({"error": str(refused)}, status_code=400)
        return HTMLResponse(_page(provider, asked))

    @router.post("/authorize")
    async def chosen(request: Request) -> Response:
        form = await _form(request)
        try:
            return RedirectResponse(provider.signed_in(form, form.get("sub", "")), status_code=303)
        except Refused as refused:
            return JSONResponse({"error": str(refused)}, status_code=400)

    @router.post("/token")
    async def token(request: Request) -> Response:
        try:
            return JSONResponse(provider.tokens(await _form(request)))
        except Refused as refused:
            return JSONResponse({"error": str(refused)}, status_code=400)

    @router.post("/_control/logout-token")
    async def logout_token(request: Request) -> dict[str, str]:
        """What the provider would send when it ends a person's session."""
        return {"logout_token": provider.logout_token((await _form(request))["sub"])}

    return router


async def _form(request: Request) -> dict[str, str]:
    return dict(urllib.parse.parse_qsl((await request.body()).decode("ascii", "replace")))


def _page(provider: Provider, asked: dict[str, str]) -> str:
    hidden = "\n".join(
        f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
        for name, value in asked.items()
    )
    people = "\n".join(
        f'<p><button type="submit" name="sub" value="{html.escape(subject)}">'
        f"{html.escape(one['name'])}</button> {html.escape(one['what'])}</p>"
        for subject, one in provider.people.items()
    )
    return _PAGE.format(hidden=hidden, people=people)
