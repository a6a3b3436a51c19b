"""The one signature that every scanner knows; for others a scanner is connected."""

from __future__ import annotations

# Put together here, so that no scanner takes this file for what it looks for.
_TEST_SIGNATURE = b"".join(
    (b"X5O!P%@AP[4\\PZX54(P^)7CC)7}", b"$EICAR-STANDARD-", b"ANTIVIRUS-TEST")
)


def has_test_signature(content: bytes) -> bool:
    return _TEST_SIGNATURE in content
