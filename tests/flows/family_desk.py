"""A service desk that applies for family sharing over HTTP, with people of its own each time."""

from __future__ import annotations

from typing import Any

from tests.flows.hospital import Body, Hospital
from tests.flows.patience import until
from tests.steps.family_rig import application, code_link, people

ADDRESS = "/v1/family-bindings"


class FamilyDesk:
    """One pair of people at one desk."""

    def __init__(self, desk: Hospital, **changes: Any) -> None:
        self.desk = desk
        self.pair = people()
        self.submission = application(self.pair, **changes)
        self.id = ""

    @property
    def path(self) -> str:
        return f"{ADDRESS}/{self.id}"

    @property
    def reference(self) -> str:
        return self.id.replace("_", "").upper()

    def apply(self) -> FamilyDesk:
        self.id = self.desk.say(ADDRESS, self.submission)["binding_id"]
        return self

    def unbind(self) -> Body:
        asked = {"asked_by": "user", "asked_at": "2026-03-04T10:00:00+08:00"}
        return self.desk.say(f"{self.path}/unbind", asked)

    def now(self) -> Body:
        answer = self.desk.get(self.path)
        assert answer.status_code == 200, answer.text
        content: Body = answer.json()
        return content

    def wait(self, **members: Any) -> Body:
        def look() -> Body | None:
            found = self.now()
            return found if all(found[k] == v for k, v in members.items()) else None

        return until(look, f"{self.id} with {members}")

    def exceptions(self) -> list[str]:
        return [one["code"] for one in self.now()["exceptions"]]

    def story(self, language: str) -> str:
        answer = self.desk.get(f"{self.path}/story?language={language}")
        assert answer.status_code == 200, answer.text
        told = answer.json()
        return "\n".join([*(line["text"] for line in told["story"]), told["waiting"]["text"]])

    def link(self) -> Body:
        return code_link(self.pair)
