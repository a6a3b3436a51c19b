"""What can be wrong with a key or with what it protects.

CrossclaimError
├── KeyMissing         no key under this name: never made, or the keystore is another one (500)
├── KeyDestroyed       the key was destroyed on purpose, by an erasure: the data are gone (410)
├── Undecipherable     tampered with, or sealed under another scope or field (500)
└── KeystoreUnsafe     the keystore's files are not as this program left them (500)

Texts name scopes and key ids, which are opaque, and nothing else.
"""

from __future__ import annotations

from crossclaim.domain.errors import CrossclaimError


class KeyMissing(CrossclaimError):
    code = "KEY_MISSING"


class KeyDestroyed(CrossclaimError):
    status = 410
    code = "KEY_DESTROYED"


class Undecipherable(CrossclaimError):
    code = "UNDECIPHERABLE"


class KeystoreUnsafe(CrossclaimError):
    code = "KEYSTORE_UNSAFE"
