"""Days and instants of an address, as ISO 8601 writes them: a bare number is no time of 1970."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _written(told: Any) -> Any:
    if isinstance(told, str) and not _DAY.match(told):
        raise ValueError("not as ISO 8601 writes it")
    return told


Day = Annotated[date, BeforeValidator(_written)]
Instant = Annotated[AwareDatetime, BeforeValidator(_written)]
