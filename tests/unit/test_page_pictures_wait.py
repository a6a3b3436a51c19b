"""Pages that are being drawn, and those that wait for it, hold up nothing else that is asked."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from crossclaim.console.document_view import picture_answer
from crossclaim.documents import page_picture
from crossclaim.domain.errors import Unavailable
from tests.plain_files import pdf_of


def test_while_pages_are_drawn_and_wait_the_rows_of_others_are_read() -> None:
    async def scene() -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        over = threading.Event()
        begun = [page_picture.DRAWERS.submit(over.wait) for _ in range(page_picture.AT_ONCE)]
        picture = asyncio.ensure_future(picture_answer(pdf_of(), 1))
        await asyncio.sleep(0)
        try:
            assert await asyncio.to_thread(lambda: "read") == "read"
            assert not picture.done()
        finally:
            over.set()
        assert (await picture).status_code == 200
        assert all(one.result() for one in begun)

    asyncio.run(scene())


def test_who_waits_too_long_for_his_page_is_told_to_try_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(page_picture, "WAITS_S", 0)

    async def scene() -> None:
        over = threading.Event()
        for _ in range(page_picture.AT_ONCE):
            page_picture.DRAWERS.submit(over.wait)
        try:
            with pytest.raises(Unavailable):
                await picture_answer(pdf_of(), 1)
        finally:
            over.set()

    asyncio.run(scene())
