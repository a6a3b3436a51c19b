"""Runs of ``crossclaim demo --all`` about bills of two insurers."""

from __future__ import annotations

from crossclaim.demo.example_file import ExampleFile
from crossclaim.demo.script import HOSPITAL_INPATIENT, TWO_INSURERS, Closed, Run


def bill_cycle() -> Run:
    """The late charge of a closed stay moves CNY 1,000.00 and nothing else."""
    file = ExampleFile("bill-cycle")
    replaced = {
        "ZY20260407-0311": "ZY20260407-0311-C",
        "F20260410-0311": "F20260410-0311-C",
        "HL-2025-E11A1": "HL-2025-E11A1-C",
        "KM-2025-E11B3": "KM-2025-E11B3-C",
    }
    wrong = "LATE_CHARGE_CHANGES_LINE"
    steps = (
        *TWO_INSURERS,
        file.refused("a late charge that changes a line", "late-charge-wrong", wrong),
        file.send("Late charge, as a draft", "bills", "draft"),
        file.send("Late charge after closing", "bills", "late-charge"),
        file.send("Patient pays the difference", "tenders", "tender"),
        Closed(payouts=2, title="Both insurers confirm; nothing is paid twice"),
    )
    about = "A test is billed after the stay was closed: version, difference, nobody pays twice."
    title = "Late charge after closing"
    return Run("bill-cycle", title, about, HOSPITAL_INPATIENT, steps, replaced=replaced)


def two_insurers(year: int, patient: str) -> Run:
    """The stay of the first run of two insurers, in another year of the second's policy."""
    replaced = {
        "ZY20260407-0311": f"ZY20260407-0311-{year}",
        "F20260410-0311": f"F20260410-0311-{year}",
        "HL-2025-E11A1": f"HL-2025-E11A1-{year}",
        "KM-2025-E11B3": f"KM-2025-E11B{year}",
        "2590.00": patient,
    }
    pays = patient != "0.00"
    steps = TWO_INSURERS if pays else tuple(s for s in TWO_INSURERS if "Patient" not in s.title)
    if year == 1:
        steps = (*steps[:-1], Closed(payouts=1, title="The first alone pays in RMB"))
    title = f"Inpatient, two insurers, year {year}"
    about = (
        "Of a condition unknown to it, the second pays more with every year of its policy (E11)."
    )
    return Run(f"dual-cover-{year}", title, about, HOSPITAL_INPATIENT, steps, replaced=replaced)
