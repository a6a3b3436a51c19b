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

from crossclaim.api.examples import EXAMPLES
from crossclaim.api.problem import MEDIA_TYPE
from crossclaim.api.webhook_description import EVENT, webhooks_described
from crossclaim.domain.errors import NotFound
from crossclaim.domain.submission import Wire

_SCHEMAS = "#/components/schemas/"
_MEANINGS = {
    400: "The body cannot be read.",
    401: "No valid API key.",
    403: "The role of the key is too small.",
    404: "Unknown, or another organisation's.",
    409: "Submitted before with other content, or still being worked on.",
    412: "Changed meanwhile: `If-Match` names another version.",
    413: "The body is over the limit.",
    415: "Another content type.",
    422: "Refused; `errors` lists every fault. Or an Idempotency-Key with another body.",
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
    body = {
        "schema": {"$ref": f"{_SCHEMAS}{model.__name__}"},
        "example": EXAMPLES[model],
    }
    content = {"application/json": body}
    return {
        "status_code": 201,
        "openapi_extra": {
            "requestBody": {"required": True, "content": content},
            "parameters": _HEADERS,
        },
        "responses": {
            202: {"description": "Taken; the outcome comes later."},
            **problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
        },
    }


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document with the wire models as components."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        _, definitions = models_json_schema(
            [(model, "validation") for model in EXAMPLES], ref_template=_SCHEMAS + "{model}"
        )
        components = document.setdefault("components", {})
        components.setdefault("schemas", {}).update(definitions["$defs"])
        components["schemas"] |= {"Money": _MONEY, "Problem": _PROBLEM, "WebhookEvent": EVENT}
        document["webhooks"] = webhooks_described()
        components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        document["security"] = [{"key": []}]
        app.openapi_schema = document
    return app.openapi_schema


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
