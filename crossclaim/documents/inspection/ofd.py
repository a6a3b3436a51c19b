"""OFD (GB/T 33190) is a ZIP of XML: its members are looked at in memory, never unpacked to disk."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePosixPath

from crossclaim.documents.inspection.refusal import NotTaken, Why
from crossclaim.documents.inspection.signature import has_test_signature
from crossclaim.documents.inspection.xml_file import check_xml

ROOT = "OFD.xml"
MEMBERS_MAX = 2_000
UNPACKED_MAX_BYTES = 128 * 1024 * 1024
_PASSIVE = frozenset(
    {".xml", ".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".gif", ".jb2", ".ttf", ".otf"}
    | {".ttc", ".esl", ".dat", ".cer"}
)
"""What pages, fonts, pictures, seals and signatures of an OFD are."""


def check_ofd(content: bytes) -> None:
    """Raises ``NotTaken``."""
    for name, member in members(content):
        if has_test_signature(member):
            raise NotTaken(Why.MALWARE)
        if name.lower().endswith(".xml"):
            check_xml(member)


def members(content: bytes) -> list[tuple[str, bytes]]:
    """Every file within, as its name is told and its bytes. Raises ``NotTaken``."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            listed = [one for one in archive.infolist() if not one.is_dir()]
            _check_listed(listed)
            return _read(archive, listed)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError):
        raise NotTaken(Why.DAMAGED) from None
    except RuntimeError:
        # A member under a password.
        raise NotTaken(Why.LOCKED) from None


def _check_listed(listed: list[zipfile.ZipInfo]) -> None:
    names = [one.filename for one in listed]
    if ROOT not in names:
        raise NotTaken(Why.CONTENT)
    if len(set(names)) != len(names):
        # Readers differ on which of two members of one name they show.
        raise NotTaken(Why.DAMAGED)
    if len(listed) > MEMBERS_MAX or sum(one.file_size for one in listed) > UNPACKED_MAX_BYTES:
        raise NotTaken(Why.BOMB)
    for one in listed:
        path = PurePosixPath(one.filename)
        strays = path.is_absolute() or ".." in path.parts
        if strays or "\\" in one.filename or ":" in one.filename or "\x00" in one.orig_filename:
            raise NotTaken(Why.ACTIVE)
        if path.suffix.lower() not in _PASSIVE:
            raise NotTaken(Why.ACTIVE)


def _read(archive: zipfile.ZipFile, listed: list[zipfile.ZipInfo]) -> list[tuple[str, bytes]]:
    """What a member says of its own size is a claim: it is read up to what is left."""
    left, found = UNPACKED_MAX_BYTES, []
    for one in listed:
        with archive.open(one) as file:
            member = file.read(left + 1)
        left -= len(member)
        if left < 0:
            raise NotTaken(Why.BOMB)
        found.append((one.filename, member))
    return found
