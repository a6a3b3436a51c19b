"""Log records lose what could name a person before any handler sees them.

Three lines of defence: texts of exceptions that are not ours are dropped (a database or SDK puts
values into them), digits and letters that look like an identity, account or phone number are
masked, and so is Chinese text, because no log sentence of ours is Chinese.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterator
from types import TracebackType

from temporalio.exceptions import ApplicationError

from crossclaim.domain.errors import CrossclaimError

MASKED = "[masked]"
REMOVED = "[text removed]"

_EDGE, _END = r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])"
_SEPARATED = r"[ \u00a0-]"
_LOOKS_PERSONAL = re.compile(
    "|".join(
        [
            # Hong Kong identity card
            rf"{_EDGE}[A-Za-z]{{1,2}}{_SEPARATED}?[0-9]{{6}}{_SEPARATED}?\(?[0-9Aa]\)?{_END}",
            rf"{_EDGE}[HMhm][0-9]{{8}}(?:[0-9]{{2}})?{_END}",  # home-return permit
            rf"{_EDGE}[0-9]{{17}}[0-9Xx]{_END}",  # mainland identity and residence permit
            rf"{_EDGE}[0-9]{{4}}(?:{_SEPARATED}[0-9]{{4}}){{2,3}}(?:{_SEPARATED}?[0-9]{{1,3}})?{_END}",
            rf"{_EDGE}1[3-9][0-9](?:{_SEPARATED}[0-9]{{4}}){{2}}{_END}",  # mainland mobile
            rf"{_EDGE}[4-9][0-9]{{3}}{_SEPARATED}[0-9]{{4}}{_END}",  # Hong Kong telephone
            # bank account in groups
            rf"{_EDGE}[0-9]{{3}}(?:{_SEPARATED}[0-9]{{3,9}}){{2,3}}{_END}",
            rf"{_EDGE}[0-9]{{8,}}{_END}",  # any other long number: account, card, telephone
        ]
    )
)
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+")
# The SDK puts the text of an exception behind such words into some of its messages.
_SDK_ERROR_TEXT = re.compile(r"(\b(?:original )?error(?: of type [^:]*)?): .*", re.DOTALL)


def mask(text: str) -> str:
    """The text with everything masked that looks like an identity, account or phone number."""
    return _HAN.sub(MASKED, _LOOKS_PERSONAL.sub(MASKED, text))


def describe(error: BaseException) -> str:
    """Type and, for an error of ours, its text; of a stranger's error the type alone."""
    name = type(error).__qualname__
    if isinstance(error, CrossclaimError):
        return f"{name}[{error.code}]: {mask(error.detail)}"
    if isinstance(error, ApplicationError) and error.type:
        return f"{name}[{mask(error.type)}]: {REMOVED}"
    return f"{name}: {REMOVED}"


class Redaction(logging.Filter):
    """A filter for handlers: rewrites the record, and drops what Temporal's SDK says for debugging.

    At that level the SDK logs decoded payloads whole.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "redacted", False):
            # Another handler's filter was here first, and nothing is left to describe.
            return True
        of_sdk = record.name == "temporalio" or record.name.startswith("temporalio.")
        if of_sdk and record.levelno < logging.INFO:
            return False
        message = _message(record)
        if of_sdk:
            message = _SDK_ERROR_TEXT.sub(rf"\1: {REMOVED}", message)
        elif record.name == "asyncio":
            # Its further lines hold the representation of tasks and their exceptions.
            message = message.partition("\n")[0]
        record.msg, record.args = mask(message), None
        record.exc_text = _stack(record)
        record.exc_info = None
        record.stack_info = None
        record.redacted = True
        return True


def _message(record: logging.LogRecord) -> str:
    """The formatted message, in which an exception given as an argument is only described."""
    if isinstance(record.msg, BaseException):
        return describe(record.msg)
    arguments = record.args
    if isinstance(arguments, tuple):
        record.args = tuple(_harmless(argument) for argument in arguments)
    elif arguments:
        record.args = {name: _harmless(argument) for name, argument in arguments.items()}
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        # The arguments do not fit the format, so neither may be shown.
        return f"{record.name} logged a message that cannot be formatted, line {record.lineno}"


def _harmless(argument: object) -> object:
    return describe(argument) if isinstance(argument, BaseException) else argument


def _stack(record: logging.LogRecord) -> str | None:
    if not record.exc_info or record.exc_info[1] is None:
        return None
    return "\n".join(_lines(record.exc_info[1]))


def _lines(error: BaseException) -> Iterator[str]:
    """The chain of errors, the first cause first, each with the places it went through."""
    for link in reversed(list(_chain(error))):
        yield from _frames(link.__traceback__)
        yield describe(link)
        if isinstance(link, BaseExceptionGroup):
            for member in link.exceptions:
                yield from _lines(member)


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        context = None if link.__suppress_context__ else link.__context__
        link = link.__cause__ or context


def _frames(trace: TracebackType | None) -> Iterator[str]:
    for frame in traceback.extract_tb(trace):
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
