"""Builds a frozen model from values that our own code has just computed, without judging them.

For the few models that one decision makes by the hundred (amounts, steps, sentences). Whatever
comes from outside, a file or a message, is validated by calling the model.
"""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel

Model = TypeVar("Model", bound=BaseModel)
_bare = object.__new__
_put = object.__setattr__


def trusted(model: type[Model], members: set[str], values: dict[str, object]) -> Model:
    """The object that ``model(**values)`` makes.

    ``values`` holds every member, of its exact type, in the order of the model; ``members`` are
    those that count as stated.
    """
    made = _bare(model)
    _put(made, "__dict__", values)
    _put(made, "__pydantic_fields_set__", members)
    _put(made, "__pydantic_extra__", None)
    _put(made, "__pydantic_private__", None)
    return made
