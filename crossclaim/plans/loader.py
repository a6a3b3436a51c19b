"""Loads rule files: every fault of every file at once, or the plans with their versions."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from crossclaim.domain.plan import Plan, PlanSet
from crossclaim.plans.check import check_plan
from crossclaim.plans.fault import PlanFault, PlanInvalid
from crossclaim.plans.reading import PlanReader
from crossclaim.plans.tree import TreeReader
from crossclaim.plans.upgrade import with_unstated_use

DATA = Path(__file__).parent / "data"
"""The rule files that come with the program."""
EXAMPLES = "examples"
"""Folder below it with invented plans, read in a demonstration only."""
TEXTS_KEPT = 128
"""The same text is the same plan; several of a process ask for all of them."""


def load_plans(folder: Path = DATA, *, demonstration: bool = False) -> PlanSet:
    """Every ``*.yaml`` of a folder. Raises PlanInvalid with all faults of all files.

    Plans flagged ``example`` are refused outside demonstration; in one, those of the folder
    ``examples`` below are read too.
    """
    plans: list[Plan] = []
    faults: list[PlanFault] = []
    paths = sorted(folder.glob("*.yaml"))
    paths += sorted((folder / EXAMPLES).glob("*.yaml")) if demonstration else []
    for path in paths:
        try:
            plans.append(load_plan(path, demonstration=demonstration))
        except PlanInvalid as invalid:
            faults += invalid.faults
    faults += _twice(plans)
    if not plans and not faults:
        faults.append(PlanFault(file=folder.name, line=1, key="", reason="holds no rule file"))
    if faults:
        raise PlanInvalid(faults)
    return PlanSet(plans=tuple(plans))


def shipped_text(plan_id: str, *, demonstration: bool = False) -> str | None:
    """The program's own file of a plan, as it is written."""
    folders = (DATA, DATA / EXAMPLES) if demonstration else (DATA,)
    for folder in folders:
        for path in folder.glob("*.yaml"):
            if path.stem == plan_id:
                return path.read_text(encoding="utf-8")
    return None


def load_plan(path: Path, *, demonstration: bool = False) -> Plan:
    """One rule file. Raises PlanInvalid with all its faults."""
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        fault = PlanFault(file=path.name, line=1, key="", reason="is not UTF-8")
        raise PlanInvalid([fault]) from error
    return read_plan(text, path.name, demonstration=demonstration)


def read_plan(text: str, file: str, *, demonstration: bool = False) -> Plan:
    """A rule file's text. ``file`` names it in faults and, without its ending, is the plan's id."""
    return _read(text, file, demonstration, stored=False)


def read_stored(text: str, file: str, *, demonstration: bool = False) -> Plan:
    """A rule file that was checked when it was stored: what a file must say since then is filled in
    as the program of its day read it, and its version stays that of its text."""
    return _read(text, file, demonstration, stored=True)


@functools.lru_cache(maxsize=TEXTS_KEPT)
def _read(text: str, file: str, demonstration: bool, *, stored: bool) -> Plan:
    form = TreeReader(file)
    root = form.read(text)
    reader = PlanReader(file)
    reader.faults += form.faults
    plan = reader.plan(root)
    version = version_of(plan) if plan is not None else ""
    if plan is not None and stored:
        plan = with_unstated_use(plan, reader)
    if plan is not None:
        check_plan(plan, reader)
        line = _line_of(root.members and root.members.get("id"))
        if plan.id != Path(file).stem:
            reader.fault(line, "id", "differs from the file's name", Path(file).stem)
        if plan.example and not demonstration:
            reader.fault(line, "example", "invented plans are refused outside demonstration")
    if reader.faults or plan is None:
        raise PlanInvalid(sorted(reader.faults, key=lambda fault: (fault.line, fault.key)))
    return plan.model_copy(update={"version": version})


def version_of(plan: Plan) -> str:
    """First 16 hex digits of SHA-256 of the content, without comments, layout and order of keys."""
    content = plan.model_dump(mode="json", exclude={"version"})
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _line_of(tree: object) -> int:
    return int(getattr(tree, "line", 1))


def _twice(plans: Sequence[Plan]) -> list[PlanFault]:
    ids = [plan.id for plan in plans]
    return [
        PlanFault(file=f"{one}.yaml", line=1, key="id", reason="the id stands in two files")
        for one in sorted({one for one in ids if ids.count(one) > 1})
    ]
