"""The scans of `make lint` and `make audit` go red when they should."""

from __future__ import annotations

from pathlib import Path

from tests.lint.code_scan import unexplained
from tests.lint.package_audit import pinned, wrong
from tests.lint.secret_scan import secrets_of, unnamed


def finding(file: str) -> dict[str, object]:
    return {"test_id": "B608", "filename": file, "line_number": 7, "issue_text": "a query"}


def test_one_finding_more_than_is_explained_is_told() -> None:
    known = {"B608": [{"reason": "bound", "files": {"store/a.py": 1}}]}
    assert unexplained([finding("./store/a.py")], known) == []
    assert len(unexplained([finding("store/a.py")] * 2, known)) == 2
    assert unexplained([finding("store/b.py")], known) == ["store/b.py:7: B608 a query"]


def test_a_key_in_a_file_is_told_unless_its_value_is_named(tmp_path: Path) -> None:
    file = tmp_path / "settings.py"
    file.write_text('API_TOKEN = "q7" + ""\nPASSWORD = "sw0rdfish-of-the-' + 'house"\n', "utf-8")
    found = secrets_of([str(file)])
    assert [line.rsplit(":", 2)[1] for line in unnamed(found, {"values": []})] == ["2"]
    named = {"values": [{"values": ["sw0rdfish-of-the-house"]}]}
    assert unnamed(found, named) == []


def test_a_private_key_in_a_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "key.py"
    file.write_text("KEY = '''-----BEGIN " + "PRIVATE KEY-----\nMIG\n'''\n", "utf-8")
    assert unnamed(secrets_of([str(file)]), {"values": []})


def test_a_package_that_could_not_be_looked_up_fails_the_audit() -> None:
    names = pinned("a-b==1.0 \\\n    --hash=sha256:00\nc[x]==2.0\nd==3\n")
    told = {
        "dependencies": [
            {"name": "A_b", "version": "1.0", "vulns": [{"id": "PYSEC-1"}]},
            {"name": "c", "skip_reason": "the service did not answer"},
        ]
    }
    assert wrong(told, names) == [
        "d: not looked up",
        "a-b 1.0: PYSEC-1",
        "c: not looked up: the service did not answer",
    ]
    assert wrong({}, names) == ["a-b: not looked up", "c: not looked up", "d: not looked up"]
