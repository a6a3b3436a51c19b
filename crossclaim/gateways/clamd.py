"""A ClamAV daemon over TCP: the file is streamed to it (INSTREAM) and never written anywhere."""

from __future__ import annotations

import asyncio
import logging
import struct

from crossclaim.domain.errors import Unavailable

_CHUNK_BYTES = 64 * 1024
_ANSWER_MAX_BYTES = 4096
_log = logging.getLogger("crossclaim.documents")


class ClamScanner:
    """Implements ``crossclaim.api.services.Scanner``."""

    def __init__(self, host: str, port: int, timeout_s: float = 30.0) -> None:
        self._host, self._port, self._timeout_s = host, port, timeout_s

    async def clean(self, content: bytes) -> bool:
        """Raises ``Unavailable`` for every answer but a plain yes or no: it fails closed."""
        try:
            async with asyncio.timeout(self._timeout_s):
                answer = await self._asked(content)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError) as error:
            _log.warning("the scanner does not answer: %s", type(error).__name__)
            raise Unavailable("the malware scanner does not answer; try again soon") from None
        if answer.endswith(b" OK"):
            return True
        if answer.endswith(b" FOUND"):
            return False
        _log.warning("the scanner could not look at a file")
        raise Unavailable("the malware scanner could not look at the file; try again soon")

    async def _asked(self, content: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(
            self._host, self._port, limit=_ANSWER_MAX_BYTES
        )
        try:
            writer.write(b"zINSTREAM\0")
            for start in range(0, len(content), _CHUNK_BYTES):
                chunk = content[start : start + _CHUNK_BYTES]
                writer.write(struct.pack("!I", len(chunk)) + chunk)
                await writer.drain()
            writer.write(struct.pack("!I", 0))
            await writer.drain()
            return (await reader.readuntil(b"\0")).rstrip(b"\0").strip()
        finally:
            writer.close()
