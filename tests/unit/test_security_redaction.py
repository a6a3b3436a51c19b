"""Canaries in log records: what names a person never reaches a handler, what explains does."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
import textwrap
from collections.abc import Iterator

import pytest
from temporalio.exceptions import ApplicationError

from crossclaim.domain.errors import Retryable
from crossclaim.observability import JsonLines, correlated
from crossclaim.security.redaction import Redaction, mask

CANARIES = {
    "HKID": "A123456(3)",
    "HKID of two letters, without brackets": "WX1234569",
    "HKID with blanks": "A 123456 (3)",
    "HKID with check letter A": "b987654(a)",
    "home-return permit": "H1234567801",
    "short home-return permit": "M12345678",
    "mainland identity card": "11010519491231002X",
    "residence permit": "810000199408230021",
    "UnionPay card": "6222021234567890123",
    "card in groups": "6222 0212 3456 7890 123",
    "card with dashes": "4111-1111-1111-1111",
    "Hong Kong account in groups": "012-345-678901-833",
    "Hong Kong mobile": "91234567",
    "Hong Kong mobile in groups": "9123 4567",
    "with country code": "+852-9123-4567",
    "mainland mobile": "13812345678",
    "mainland mobile in groups": "138 1234 5678",
    "Chinese name": "陳大文",
    "Chinese diagnosis": "右膝前交叉韌帶斷裂",
}
HARMLESS = [
    "ep_01JD5K8ZV3N4Q7R8S9T0A1B2C3",
    "bill B-2026-001 version 2 of ep_01JD5K8ZV3N4Q7R8S9T0A1B2C3 waits since 2026-11-21T10:30:00Z",
    "SUBMISSION_REFUSED at /lines/12/amount, attempt 3 of 10, 503 after 1200 ms",
    "01a2007e-4ad7-7656-b7d5-c737daf896f9",
    "camt.054.001.08 of 127.0.0.1:7233",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What a handler behind the filter writes."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(JsonLines("test"))
    handler.addFilter(Redaction())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield text
    root.setLevel(before)
    root.removeHandler(handler)


def _line(log: io.StringIO) -> dict[str, str]:
    [line] = log.getvalue().splitlines()
    read: dict[str, str] = json.loads(line)
    return read


@pytest.mark.parametrize("canary", CANARIES.values(), ids=CANARIES.keys())
@pytest.mark.parametrize("sentence", ["{}", "paid to {}.", "<{}>", "number={},", "姓名{}先生"])
def test_whatever_looks_like_a_number_of_a_person_is_masked(canary: str, sentence: str) -> None:
    masked = mask(sentence.format(canary))
    assert canary not in masked
    digits = "".join(each for each in masked if each.isdigit())
    assert len(digits) < 4, masked


@pytest.mark.parametrize("text", HARMLESS)
def test_ids_codes_and_times_stay_readable(text: str) -> None:
    assert mask(text) == text


def test_arguments_of_a_message_are_masked_too(log: io.StringIO) -> None:
    logging.getLogger("crossclaim.test").info("patient %s of %s", "A123456(3)", "陳大文")
    assert _line(log)["message"] == "patient [masked] of [masked]"


def test_the_text_of_a_strangers_exception_is_dropped_and_its_place_kept(log: io.StringIO) -> None:
    try:
        try:
            raise KeyError("Chan Tai Man")
        except KeyError as cause:
            raise RuntimeError("insert failed: (name, 'Chan Tai Man')") from cause
    except RuntimeError:
        logging.getLogger("crossclaim.test").exception("bill was not stored")
    line = _line(log)
    assert "Chan" not in log.getvalue()
    assert line["message"] == "bill was not stored"
    stack = line["stack"].splitlines()
    assert stack[1] == "KeyError: [text removed]"
    assert stack[-1] == "RuntimeError: [text removed]"
    assert "test_security_redaction.py" in stack[0]


def test_the_same_record_without_the_filter_shows_the_name() -> None:
    """The twin: the standard library's own formatting of the same exception."""
    text = io.StringIO()
    logger = logging.Logger("naive")
    logger.addHandler(logging.StreamHandler(text))
    try:
        raise RuntimeError("insert failed: (name, 'Chan Tai Man')")
    except RuntimeError:
        logger.exception("bill was not stored")
    assert "Chan Tai Man" in text.getvalue()


def test_an_error_of_ours_keeps_its_code_and_sentence(log: io.StringIO) -> None:
    try:
        raise Retryable("the insurer does not answer", code="HTTP_503")
    except Retryable:
        logging.getLogger("crossclaim.test").exception("claim was not sent")
    assert _line(log)["stack"].endswith("Retryable[HTTP_503]: the insurer does not answer")


def test_a_group_of_exceptions_describes_each_of_them(log: io.StringIO) -> None:
    try:
        raise ExceptionGroup("Chan", [ValueError("Chan"), Retryable("no answer", code="DOWN")])
    except ExceptionGroup:
        logging.getLogger("crossclaim.test").exception("both failed")
    assert _line(log)["stack"].splitlines()[1:] == [
        "ExceptionGroup: [text removed]",
        "ValueError: [text removed]",
        "Retryable[DOWN]: no answer",
    ]


def test_a_record_that_passes_two_filtered_handlers_keeps_its_stack(log: io.StringIO) -> None:
    record = logging.LogRecord("crossclaim.test", logging.ERROR, "", 1, "failed", None, None)
    record.exc_info = (ValueError, ValueError("Chan"), None)
    for _ in range(2):
        assert Redaction().filter(record)
    assert record.exc_text == "ValueError: [text removed]"


def test_an_application_error_shows_its_type_only(log: io.StringIO) -> None:
    try:
        raise ApplicationError("refused Chan Tai Man", type="CONSENT_WITHDRAWN")
    except ApplicationError:
        logging.getLogger("temporalio.activity").exception("Completing activity as failed")
    assert _line(log)["stack"].endswith("ApplicationError[CONSENT_WITHDRAWN]: [text removed]")
    assert "Chan" not in log.getvalue()


def test_an_exception_given_as_argument_or_message_is_only_described(log: io.StringIO) -> None:
    logger = logging.getLogger("crossclaim.test")
    logger.warning("gave up: %s", ValueError("Chan Tai Man"))
    logger.warning("gave up: %(why)s", {"why": ValueError("Chan Tai Man")})
    logger.warning(ValueError("Chan Tai Man"))
    assert "Chan" not in log.getvalue()
    assert log.getvalue().count("ValueError: [text removed]") == 3


def test_error_texts_that_the_sdk_writes_into_its_messages_are_cut(log: io.StringIO) -> None:
    logger = logging.getLogger("temporalio.activity")
    logger.warning(
        "Completing as failure during heartbeat with error of type <class 'ValueError'>: Chan Tai"
    )
    logger.error("Exception handling failed, original error: Chan\nTai Man")
    assert "Chan" not in log.getvalue()
    assert "Man" not in log.getvalue()
    assert log.getvalue().count("[text removed]") == 2


def test_what_the_sdk_says_for_debugging_is_dropped_whole(log: io.StringIO) -> None:
    logging.getLogger("temporalio.worker._workflow").debug("Received activation: %s", "Chan")
    assert log.getvalue() == ""


def test_tasks_that_asyncio_complains_about_are_not_printed(log: io.StringIO) -> None:
    logging.getLogger("asyncio").error(
        "Task exception was never retrieved\nfuture: <Task exception=ValueError('Chan')>"
    )
    assert _line(log)["message"] == "Task exception was never retrieved"


def test_a_message_whose_arguments_do_not_fit_shows_neither(log: io.StringIO) -> None:
    logging.getLogger("crossclaim.test").error("patient %d", "Chan Tai Man")
    assert "cannot be formatted" in _line(log)["message"]
    assert "Chan" not in log.getvalue()


def test_every_line_within_carries_the_ids_bound_there(log: io.StringIO) -> None:
    with correlated(correlation_id="c-1"), correlated(episode="ep_1"):
        logging.getLogger("crossclaim.test").info("within")
    line = _line(log)
    assert (line["correlation_id"], line["episode"], line["role"]) == ("c-1", "ep_1", "test")
    log.truncate(0)
    log.seek(0)
    logging.getLogger("crossclaim.test").info("after")
    assert "correlation_id" not in _line(log)


@pytest.mark.parametrize(
    "last_words",
    [
        "raise ValueError('Chan Tai Man')",
        "t = threading.Thread(target=int, args=('Chan Tai Man',)); t.start(); t.join()",
        "warnings.warn('A123456(3)')",
        "logging.getLogger('urllib3').debug('Chan Tai Man'); logging.info('x')",
    ],
)
def test_last_words_of_a_process_are_redacted_json_lines(last_words: str) -> None:
    program = f"""
        import logging, threading, warnings
        from crossclaim.observability import configure_logging
        configure_logging("api", "debug")
        {last_words}
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True
    )
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert lines
    assert {line["role"] for line in lines} == {"api"}
    assert "Chan" not in done.stderr
    assert "A123456" not in done.stderr
    assert done.stdout == ""
