"""The one sentence that a person gets when the stack cannot start or go on."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crossclaim.domain.errors import CrossclaimError

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class StackError(CrossclaimError):
    """``detail`` is one sentence that says what is wrong and what to do."""

    status = 503
    code = "STACK"


def disk_full(place: Path) -> StackError:
    return StackError(
        f"The disk that holds {place} is full; free some space there, or give another directory "
        "with --data-dir.",
        code="STACK_DISK_FULL",
    )


@contextmanager
def said_in_one_sentence(place: Path) -> Iterator[None]:
    """Turns what the operating system says about files under ``place`` into a ``StackError``."""
    try:
        yield
    except PermissionError as error:
        raise StackError(
            f"{error.filename or place} cannot be read or written by this user; "
            "correct its owner, or give another directory with --data-dir.",
            code="STACK_NOT_PERMITTED",
        ) from error
    except OSError as error:
        if error.errno in FULL:
            raise disk_full(place) from error
        raise
    except StackError:
        raise
    except Exception as error:
        # A server that we asked for something says it in its own words.
        if "No space left on device" in str(error):
            raise disk_full(place) from error
        raise
