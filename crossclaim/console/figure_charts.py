"""One indicator as a chart with its table: by month with growth, by insurer, hospital and city."""

from __future__ import annotations

import re
from functools import partial
from typing import cast
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.console.entrance import enter
from crossclaim.console.search_fields import several
from crossclaim.console.services import Visitor, services_of
from crossclaim.console.view import page
from crossclaim.documents.table_export import MEDIA_TYPES, Cell, Form, table_file
from crossclaim.domain.allocation import Frozen
from crossclaim.domain.errors import NotFound
from crossclaim.domain.figure_parts import PlaceFigure, by_month, parted, told_percent
from crossclaim.domain.figures import DEFINITIONS, MORE_IS_WORSE, NAMES, Indicator
from crossclaim.domain.reference import Reference
from crossclaim.security.roles import Operation

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_HEADING = ["indicator", "month", "insurer", "hospital", "city", "all", "good"]


class Narrowed(Frozen):
    """What a figure is narrowed by, as its address says; an empty member does not narrow."""

    insurers: list[str] = []
    hospitals: list[str] = []
    cities: list[str] = []
    month: str = ""

    def hospitals_of(self, reference: Reference) -> list[str]:
        """Those that are named and lie in a city that is named; a hospital that is nobody's where
        no such one is."""
        if not self.cities:
            return self.hospitals
        there = [one.id for one in reference.hospitals if one.city in self.cities]
        both = [one for one in there if not self.hospitals or one in self.hospitals]
        return both or ["-"]

    def address(self, **more: str) -> str:
        """As a query; ``more`` replaces or adds."""
        pairs = [
            *(("insurer", one) for one in self.insurers if "insurer" not in more),
            *(("hospital", one) for one in self.hospitals if "hospital" not in more),
            *(("city", one) for one in self.cities if "city" not in more),
        ]
        if self.month and "month" not in more:
            pairs.append(("month", self.month))
        return urlencode([*pairs, *((name, value) for name, value in more.items() if value)])

    def behind(self, reference: Reference, figure: Indicator, month: str, good: bool) -> str:
        """The address of the episodes that a column or a count stands for."""
        pairs = [
            ("figure", figure.value),
            ("month", month),
            ("part", "good" if good else "rest"),
            *(("insurer", one) for one in self.insurers),
            *(("hospital", one) for one in self.hospitals_of(reference)),
        ]
        return f"/console/episodes?{urlencode(pairs)}"


def narrowed_by(given: QueryParams) -> Narrowed:
    month = given.get("month", "")
    return Narrowed(
        insurers=several(given, "insurer"),
        hospitals=several(given, "hospital"),
        cities=several(given, "city"),
        month=month if _MONTH.fullmatch(month) else "",
    )


async def figure(request: Request) -> Response:
    """The chart, each of whose columns opens into its episodes, and the table beside it."""
    indicator = _indicator(request)
    visitor = await enter(request, Operation.LIST_EPISODES, indicator.value)
    narrowed, reference = narrowed_by(request.query_params), services_of(request).reference
    places = await _places(request, visitor, indicator, narrowed)
    months = by_month(places)
    shown = [one for one in places if narrowed.month in ("", one.month)]
    cities = {one.id: one.city for one in reference.hospitals}
    most = max((one.all for one in months), default=0) or 1
    return page(
        request,
        "figure",
        visitor,
        {
            "indicator": indicator,
            "name": NAMES[indicator],
            "definition": DEFINITIONS[indicator],
            "worse": indicator in MORE_IS_WORSE,
            "months": months,
            "columns": [(one, one.all * 1000 // most, one.good * 1000 // most) for one in months],
            "parts": [
                ("insurer", parted(shown, lambda one: one.insurer)),
                ("hospital", parted(shown, lambda one: one.hospital)),
                ("city", parted(shown, lambda one: cities.get(one.hospital, "–"))),
            ],
            "narrowed": narrowed,
            "behind": partial(narrowed.behind, reference, indicator),
            "told_percent": told_percent,
            "insurers": [one.id for one in reference.insurers],
            "hospitals": [one.id for one in reference.hospitals],
            "cities": sorted(set(cities.values())),
        },
    )


async def export(request: Request) -> Response:
    """Every month, insurer and hospital of an indicator, as CSV or as a workbook."""
    indicator, form = _indicator(request), str(request.path_params["form"])
    visitor = await enter(request, Operation.LIST_EPISODES, indicator.value)
    narrowed, reference = narrowed_by(request.query_params), services_of(request).reference
    cities = {one.id: one.city for one in reference.hospitals}
    rows: list[list[Cell]] = []
    for one in await _places(request, visitor, indicator, narrowed):
        if narrowed.month in ("", one.month):
            city = cities.get(one.hospital, "")
            rows.append(
                [indicator.value, one.month, one.insurer, one.hospital, city, one.all, one.good]
            )
    if form not in MEDIA_TYPES:
        raise NotFound("there is no such form")
    body = table_file(cast(Form, form), indicator.value, _HEADING, rows)
    return _file(body, MEDIA_TYPES[form], f"{indicator.value}.{form}")


async def _places(
    request: Request, visitor: Visitor, indicator: Indicator, narrowed: Narrowed
) -> list[PlaceFigure]:
    services = services_of(request)
    hospitals = narrowed.hospitals_of(services.reference)
    return await services.desk.figure(visitor.principal, indicator, narrowed.insurers, hospitals)


def _file(body: bytes, kind: str, name: str) -> Response:
    known = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=kind, headers=known)


def _indicator(request: Request) -> Indicator:
    try:
        return Indicator(str(request.path_params["indicator"]))
    except ValueError:
        raise NotFound("there is no such figure") from None
