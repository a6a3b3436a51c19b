"""What every shape on our own wire is made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:\-]{0,63}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]


class Wire(BaseModel):
    """Base of every shape on our own wire: frozen, unknown members are faults."""

    model_config = ConfigDict(frozen=True, extra="forbid")
