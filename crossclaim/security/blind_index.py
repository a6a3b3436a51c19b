"""Equality search over sealed values: HMAC-SHA256 under one key of the platform."""

from __future__ import annotations

import hmac
import re
import threading
import unicodedata

from crossclaim.security.keys import EpochKeystore

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_RUNS = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_HAN_RUN = re.compile(rf"^[{_HAN}]")
_APOSTROPHES = re.compile("['\u2019\u02bc]")


class BlindIndex:
    """The same value under the same field always gives the same 32 bytes, and no other does."""

    def __init__(self, keystore: EpochKeystore) -> None:
        self._keystore = keystore
        self._lock = threading.Lock()
        self._key: bytes | None = None

    def of(self, value: str, field: str) -> bytes:
        """Of a number or code; width, case and blanks make no difference, brackets do."""
        plain = "".join(unicodedata.normalize("NFKC", value).casefold().split())
        return self._hmac(plain, field)

    def of_name(self, name: str) -> list[bytes]:
        """Of a person's name: each word; of Chinese each character and each pair of neighbours.

        Without repeats, and sorted, so that the rows do not tell the order of the words.
        """
        return sorted({self._hmac(word, "name_token") for word in words_of_name(name)})

    def of_search(self, name: str) -> list[bytes]:
        """Of what is searched for: the words that say all that ``of_name`` would, and no more.

        A pair is kept only with both its characters, so a character that stands in a pair asks
        nothing that the pair does not; it is the commonest of all words, and costs the most.
        """
        words = words_of_name(name)
        paired = {one for word in words if _is_pair(word) for one in word}
        return sorted({self._hmac(w, "name_token") for w in words if w not in paired})

    def _hmac(self, value: str, field: str) -> bytes:
        with self._lock:
            if self._key is None:
                self._key = self._keystore.platform_key("blind-index")
        return hmac.digest(self._key, f"{field}\x1f{value}".encode(), "sha256")


def _is_pair(word: str) -> bool:
    return len(word) == 2 and _HAN_RUN.match(word) is not None


def words_of_name(name: str) -> list[str]:
    """Lower-case words and Chinese characters and pairs, each once, in order of appearance."""
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", name).casefold())
    words: dict[str, None] = {}
    for run in _RUNS.findall(plain):
        if _HAN_RUN.match(run):
            words.update(dict.fromkeys(run))
            words.update(dict.fromkeys(run[i : i + 2] for i in range(len(run) - 1)))
        else:
            words[run] = None
    return list(words)
