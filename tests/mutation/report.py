"""Says the figure of a run, by module, and what lived."""

from __future__ import annotations

import difflib
import json
from collections import Counter
from pathlib import Path

import yaml
from cosmic_ray.work_db import WorkDB
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkResult

from tests.mutation.mutants import changed_source, source_of, tree_of
from tests.mutation.scope import MODULES

_EQUIVALENT = Path(__file__).with_name("equivalent.yaml")
_COLUMNS = ("mutants", "killed", "survived", "equivalent", "not covered")


def difference(spec: MutationSpec) -> tuple[str, str]:
    """What the line said and what the mutant makes of it."""
    module = spec.module_path.stem
    tree_of.cache_clear()
    before, after = source_of(module).splitlines(), changed_source(spec).splitlines()
    tree_of.cache_clear()
    lines = list(difflib.unified_diff(before, after, lineterm="", n=0))[3:]
    was = " ".join(line[1:].strip() for line in lines if line.startswith("-"))
    becomes = " ".join(line[1:].strip() for line in lines if line.startswith("+"))
    return was, becomes


def equivalents() -> set[tuple[str, str, str]]:
    known = yaml.safe_load(_EQUIVALENT.read_text("utf-8")) if _EQUIVALENT.exists() else []
    return {(one["module"], one["was"], one["becomes"]) for one in known or []}


def survivors(db: WorkDB) -> str:
    """Each that lived or that no test walks over, with the change, in the order of the source."""
    results, same, said = dict(db.results), equivalents(), []
    for item in sorted(db.work_items, key=lambda one: one.mutations[0].start_pos):
        spec, result = item.mutations[0], results.get(item.job_id)
        if result is None or not _lives(result):
            continue
        was, becomes = difference(spec)
        if (spec.module_path.stem, was, becomes) in same:
            continue
        what = "lives" if result.test_outcome else "not covered"
        place = f"{spec.module_path}:{spec.start_pos[0]}:{spec.start_pos[1]}"
        said.append((str(spec.module_path), f"{place} {what}\n  - {was}\n  + {becomes}"))
    return "\n".join(text for _, text in sorted(said, key=lambda one: one[0]))


def _lives(result: WorkResult) -> bool:
    return result.test_outcome in (None, TestOutcome.SURVIVED)


def table(db: WorkDB) -> str:
    """The table of docs/quality.md."""
    results, same = dict(db.results), equivalents()
    counts: dict[str, Counter[str]] = {module: Counter() for module in MODULES}
    cpu = 0.0
    for item in db.work_items:
        spec, result = item.mutations[0], results.get(item.job_id)
        module = spec.module_path.stem
        if result is None:
            counts[module]["not yet asked"] += 1
            continue
        cpu += json.loads(result.output or "{}").get("cpu", 0.0)
        if result.test_outcome is TestOutcome.INCOMPETENT:
            counts[module]["cannot be imported"] += 1
            continue
        counts[module]["mutants"] += 1
        if not _lives(result):
            counts[module]["killed"] += 1
        elif (module, *difference(spec)) in same:
            counts[module]["equivalent"] += 1
        else:
            counts[module]["survived" if result.test_outcome else "not covered"] += 1
    rows = ["| module | " + " | ".join(_COLUMNS) + " |", "|---" * (len(_COLUMNS) + 1) + "|"]
    for module, count in sorted(counts.items()):
        rows.append(f"| {module} | " + " | ".join(str(count[name]) for name in _COLUMNS) + " |")
    whole: Counter[str] = sum(counts.values(), Counter())
    rows.append("| all | " + " | ".join(str(whole[name]) for name in _COLUMNS) + " |")
    rows.append("")
    asked = whole["mutants"] - whole["equivalent"]
    rows.append(
        f"killed {whole['killed']} of {asked} that are not equivalent; {cpu / 60:.0f} CPU minutes"
    )
    for name in ("not yet asked", "cannot be imported"):
        if whole[name]:
            rows.append(f"{name}: {whole[name]}")
    return "\n".join(rows)
