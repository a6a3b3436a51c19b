"""Hostile and broken inbound files are refused with a reason that quotes nothing of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from crossclaim.domain.errors import Final
from crossclaim.gateways.bank.document import MAX_BYTES
from crossclaim.gateways.bank.messages import read_message
from tests.gateways.bank_scene import read, status_report, transaction_status

GOOD = status_report(transaction_status("ACCC"))
SECRET = "陳大文6217007200012345678"


def with_prolog(prolog: str, content: str = GOOD) -> str:
    return content.replace("?>\n", f"?>\n{prolog}\n", 1)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 10}">' for n in range(10))
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"

REFUSED: dict[str, str | bytes] = {
    "external entity": with_prolog(
        '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        GOOD.replace("HB-1", "&x;"),
    ),
    "billion laughs": with_prolog(f"<!DOCTYPE Document [{LAUGHS}]>", GOOD.replace("HB-1", "&l9;")),
    "external DTD": with_prolog('<!DOCTYPE Document SYSTEM "http://127.0.0.1:9/x.dtd">'),
    "undeclared entity": GOOD.replace("HB-1", "&nobody;"),
    "truncated": GOOD[:-40],
    "empty": "",
    "blank": " \n",
    "not XML": "MT940 :20:" + SECRET,
    "other encoding": GOOD.replace("HB-1", "陳").encode("gb18030"),
    "declared encoding": GOOD.replace("UTF-8", "UTF-7"),
    "UTF-16": GOOD.encode("utf-16"),
    "a DTD in UTF-16": with_prolog("<!DOCTYPE Document []>").encode("utf-16-le"),
    "deep": GOOD.replace("</GrpHdr>", f"{'<a>' * 100_000}{'</a>' * 100_000}</GrpHdr>"),
    "too large": GOOD + " " * MAX_BYTES,
    "two roots": GOOD + "<Document/>",
    "no namespace": GOOD.replace(f' xmlns="{NAMESPACE}pain.002.001.12"', ""),
    "foreign namespace": GOOD.replace(NAMESPACE, "urn:example:"),
    "unexpected message": GOOD.replace("pain.002.001.12", "pain.001.001.09"),
    "too old": GOOD.replace("pain.002.001.12", "pain.002.001.02"),
    "no header": GOOD.replace("GrpHdr>", "Header>"),
    "no id": GOOD.replace("<MsgId>HB-1</MsgId>", "<MsgId> </MsgId>"),
    "no time": GOOD.replace("2025-10-14T10:50:00", f"yesterday {SECRET}"),
    "no such day": GOOD.replace("2025-10-14T10:50:00", "2025-02-30T10:50:00"),
    "before the first year": GOOD.replace("2025-10-14T10:50:00", "0001-01-01T00:00:00+14:00"),
    "hour 25": GOOD.replace("T10:50:00", "T25:50:00"),
    "no status": GOOD.replace("TxSts", "Sts"),
    "unclosed": GOOD.replace("</GrpHdr>", f"<{SECRET[:3]}>"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_hostile_or_broken_file_is_final_with_a_reason_that_quotes_nothing(
    tmp_path: Path, kind: str
) -> None:
    with pytest.raises(Final) as caught:
        read(tmp_path, REFUSED[kind])
    assert caught.value.code == "BANK_FILE_UNREADABLE"
    told = f"{caught.value.detail}{caught.value.__cause__}"
    assert told.strip() and "root:" not in told
    assert not any(secret in told for secret in ("陳", "6217", "haha", "nobody", "yesterday"))


def test_a_naive_twin_that_passes_on_the_parsers_words_quotes_the_file() -> None:
    with pytest.raises(etree.XMLSyntaxError, match="nobody"):
        etree.fromstring(GOOD.replace("HB-1", "&nobody;").encode())


def test_a_naive_twin_that_expands_entities_hands_out_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("root:x")
    content = with_prolog(
        f'<!DOCTYPE Document [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>',
        GOOD.replace("HB-1", "&x;"),
    ).encode()
    naive = etree.fromstring(content, etree.XMLParser(resolve_entities=True, load_dtd=True))
    assert "root:x" in "".join(str(text) for text in naive.itertext())
    with pytest.raises(Final):
        read_message(content)


def test_reasons_tell_what_is_wrong() -> None:
    told = {
        "external entity": "document type declaration",
        "other encoding": "not UTF-8",
        "too large": "larger than 25 MiB",
        "unexpected message": "messages of type pain.001.001.09 are not expected from a bank",
        "too old": "pain.002.001.02 is older than version 03",
        "no status": "gives no status",
        "truncated": "not well-formed XML at line",
    }
    for kind, expected in told.items():
        content = REFUSED[kind]
        with pytest.raises(Final) as caught:
            read_message(content if isinstance(content, bytes) else content.encode())
        assert expected in caught.value.detail


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_any_damage_to_a_file_is_read_or_refused_but_never_breaks_the_reader(
    data: st.DataObject,
) -> None:
    content = bytearray(GOOD.encode())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    try:
        read_message(bytes(content))
    except Final as refused:
        assert refused.code == "BANK_FILE_UNREADABLE"


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(Final):
        read_message(noise)


def test_unknown_elements_extensions_and_comments_change_nothing(tmp_path: Path) -> None:
    plain = read(tmp_path, GOOD)
    fake = '<x:OrgnlEndToEndId xmlns:x="urn:x">other</x:OrgnlEndToEndId>'
    envelope = (
        f'<SplmtryData><Envlp><Document xmlns="{NAMESPACE}pain.002.001.12"><TxSts>RJCT</TxSts>'
        "</Document></Envlp></SplmtryData>"
    )
    noisy = (
        GOOD.replace("<TxInfAndSts>", f"<TxInfAndSts>{fake}<New><TxSts>RJCT</TxSts></New>")
        .replace("<GrpHdr>", "<GrpHdr><!-- <MsgId>no</MsgId> --><?x y?><Fresh/>")
        .replace("ACCC", "AC<!-- x -->CC")
        .replace("</TxInfAndSts>", f"{envelope}</TxInfAndSts>")
    )
    assert read(tmp_path, noisy) == plain


def test_a_business_header_around_the_document_is_passed_over(tmp_path: Path) -> None:
    inner = GOOD.split("?>\n", 1)[1]
    header = f'<h:AppHdr xmlns:h="{NAMESPACE}head.001.001.02"><h:Fr/></h:AppHdr>'
    wrapped = f'<Envelope xmlns="urn:bank">{header}{inner}</Envelope>'
    assert read(tmp_path, wrapped) == read(tmp_path, GOOD)
    assert read(tmp_path, "\ufeff" + GOOD) == read(tmp_path, GOOD)
