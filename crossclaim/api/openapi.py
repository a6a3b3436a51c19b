"""The API's description: request bodies from the wire models, since endpoints read raw bytes.

The page at ``/docs`` needs nothing from outside: its script and style come from an installed
package.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from crossclaim.api.answer_models import ANSWERS
from crossclaim.api.answer_shapes import OUTCOME, PENDING, in_json
from crossclaim.api.described_refusals import tell_refused_parameters
from crossclaim.api.examples import EXAMPLES
from crossclaim.api.links import tell_links
from crossclaim.api.problem import MEDIA_TYPE
from crossclaim.api.webhook_description import EVENT, webhooks_described
from crossclaim.api.who_may import tell_who_may
from crossclaim.domain.errors import NotFound
from crossclaim.domain.submission import Wire

_SCHEMAS = "#/components/schemas/"
_MEANINGS = {
    400: "The body cannot be read.",
    401: "No valid API key, access token or session; or a sign-in that is not fresh enough.",
    403: "The role is too small, or a condition of the operation is not met.",
    404: "Unknown, or another organisation's.",
    409: "Submitted before with other content, or still being worked on.",
    412: "Changed meanwhile: `If-Match` names another version.",
    413: "The body is over the limit.",
    415: "Another content type.",
    429: "Too many requests of this client; see Retry-After.",
    422: "Refused; `errors` lists every fault. Or an Idempotency-Key with another body.",
    502: "The document store does not answer; try again.",
    503: "A part of the platform is down; see Retry-After.",
}
_MONEY = {
    "type": "object",
    "description": "An exact amount: a decimal text with at most two digits after the point.",
    "required": ["amount", "currency"],
    "additionalProperties": False,
    "properties": {
        "amount": {"type": "string", "pattern": r"^-?(0|[1-9]\d{0,14})(\.\d{1,2})?$"},
        "currency": {"type": "string", "enum": ["CNY", "HKD", "MOP"]},
    },
    "example": {"amount": "1286.40", "currency": "CNY"},
}
_TEXT = {"type": "string"}
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "description": "RFC 9457. `detail` is in the language of Accept-Language.",
    "properties": {
        **dict.fromkeys(("type", "title", "detail", "instance", "code", "correlation_id"), _TEXT),
        "status": {"type": "integer"},
        "errors_total": {"type": "integer"},
        "alternatives": {
            "type": "array",
            "description": "Of a refused bill: legal ways to pay it, cheapest for the patient"
            " first; send the bill again with the `coverages` of one.",
            "items": {"type": "object"},
        },
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": dict.fromkeys(
                    ("pointer", "code", "detail", "detail_en", "detail_zh_hant", "detail_zh_hans"),
                    _TEXT,
                ),
            },
        },
    },
}
_CLAIM_IN_ADDRESS = ("AppealSubmission", "AppealDecisionSubmission", "ChangedDecisionSubmission")
"""Bodies that need not say again which claim the address names."""
_HEADERS = [
    {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "Guards this one request; the business key guards the submission for ever.",
        "schema": {"type": "string", "maxLength": 255},
    }
]


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The refusals of a route, for its description."""
    content = {MEDIA_TYPE: {"schema": {"$ref": f"{_SCHEMAS}Problem"}}}
    return {status: {"description": _MEANINGS[status], "content": content} for status in statuses}


def documented(model: type[Wire]) -> dict[str, Any]:
    """What a route that takes a submission says of itself."""
    return {
        "status_code": 201,
        "response_model": None,
        "openapi_extra": {"requestBody": _body(model), "parameters": _HEADERS},
        "responses": {
            200: {"description": "Taken; what is there was changed.", "content": in_json(OUTCOME)},
            201: {"description": "Taken; it is there now.", "content": in_json(OUTCOME)},
            202: {"description": "Taken; the outcome comes later.", "content": in_json(PENDING)},
            **problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
        },
    }


def documented_check(model: type[Wire]) -> dict[str, Any]:
    """What a route says of itself that judges a submission and keeps nothing."""
    return {
        "openapi_extra": {"requestBody": _body(model)},
        "responses": {
            200: {"description": "Nothing speaks against it.", "content": _CLEAN},
            **problems(400, 401, 403, 404, 413, 415, 422, 503),
        },
    }


_CLEAN = {
    "application/json": {
        "schema": {
            "type": "object",
            "required": ["status"],
            "properties": {"status": {"const": "clean"}},
        }
    }
}


def _body(model: type[Wire]) -> dict[str, Any]:
    body = {"schema": {"$ref": f"{_SCHEMAS}{model.__name__}"}, "example": EXAMPLES[model]}
    return {"required": True, "content": {"application/json": body}}


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document with the wire models as components."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        _, definitions = models_json_schema(
            [(model, "validation") for model in (*EXAMPLES, *ANSWERS)],
            ref_template=_SCHEMAS + "{model}",
        )
        components = document.setdefault("components", {})
        components.setdefault("schemas", {}).update(definitions["$defs"])
        for name in _CLAIM_IN_ADDRESS:
            components["schemas"][name]["required"].remove("claim_id")
        components["schemas"] |= {"Money": _MONEY, "Problem": _PROBLEM, "WebhookEvent": EVENT}
        document["webhooks"] = webhooks_described()
        components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        components["securitySchemes"] |= _schemes()
        document["security"] = [{"key": []}, {"oauth2": []}, {"session": []}]
        tell_refused_parameters(document, problems(422))
        tell_who_may(app, document, problems(401, 403, 429))
        tell_links(document)
        app.openapi_schema = document
    return app.openapi_schema


def _schemes() -> dict[str, Any]:
    flow = {"tokenUrl": "/oauth/token", "scopes": {}}
    return {
        "oauth2": {"type": "oauth2", "flows": {"clientCredentials": flow}},
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-crossclaim",
            "description": "A person's session; changes also need the header X-CSRF-Token.",
        },
    }


router = APIRouter(include_in_schema=False)

_ASSETS = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon.png": "image/png",
}
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>crossclaim API</title>
<link rel="icon" href="docs/favicon.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="page"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
_START = """SwaggerUIBundle({
  url: "openapi.json", dom_id: "#page", deepLinking: true, validatorUrl: null,
});
"""
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src data:; connect-src 'self'; frame-ancestors 'none'"
)


@router.get("/docs")
async def docs_page(request: Request) -> Response:
    """The page that shows the API's description."""
    return HTMLResponse(_PAGE, headers={"Content-Security-Policy": _POLICY})


@router.get("/docs/{asset}")
async def docs_asset(asset: str) -> Response:
    """One of the page's own files; no other is ever served."""
    if asset == "start.js":
        return Response(_START, media_type="text/javascript")
    if asset not in _ASSETS:
        raise NotFound("there is no such file")
    content = files("fastapi_offline").joinpath("static", asset).read_bytes()
    return Response(content, media_type=_ASSETS[asset], headers={"Cache-Control": "max-age=86400"})
