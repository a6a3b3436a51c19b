"""Kinds of service around an ordinary visit; each has rules about who may pay it."""

from __future__ import annotations

from enum import StrEnum


class ServiceType(StrEnum):
    """Of a visit that is more than an ordinary one; which funders pay it is data."""

    INTERNET_CONSULTATION = "internet_consultation"
    """Across the border, without meeting (互聯網跨境診療)."""
    CHECK_UP = "check_up"
    CHRONIC_CARE = "chronic_care"
    CHINESE_MEDICINE = "chinese_medicine"
