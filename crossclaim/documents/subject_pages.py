"""All that is held about a person as pages to read, in three languages, beside the JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

_LANGUAGES = ("en", "zh-Hant", "zh-Hans")
_WORDS: dict[str, tuple[str, str, str]] = {
    "title": (
        "Everything we hold about you",
        "我們持有的關於您的全部資料",
        "我们持有的关于您的全部资料",
    ),
    "made": ("Made at", "製作時間", "制作时间"),
    "request": ("Request", "申請編號", "申请编号"),
    "note": (
        "The same stands machine-readable in data.json; your documents lie in the folder documents"
        " and what the system remembers step by step in histories. Other people are masked.",
        "相同內容以機器可讀形式載於 data.json;您的文件在 documents 資料夾,"
        "系統逐步的紀錄在 histories。其他人的資料已遮蔽。",
        "相同内容以机器可读形式载于 data.json;您的文件在 documents 文件夹,"
        "系统逐步的记录在 histories。其他人的资料已遮蔽。",
    ),
    "mentions": (
        "In the records of others you stand as",
        "在他人紀錄中提及您之處",
        "在他人记录中提及您之处",
    ),
}
_KINDS: dict[str, tuple[str, str, str]] = {
    "episode": ("Episode", "個案", "个案"),
    "family_binding": ("Family binding", "家庭共濟綁定", "家庭共济绑定"),
    "family_code_link": ("Family code account", "親情賬戶", "亲情账户"),
    "credit_account": ("Pay-after-care account", "惠民就醫賬戶", "惠民就医账户"),
}


class SubjectPages:
    """One HTML page a language."""

    def __init__(self) -> None:
        environment = Environment(
            loader=PackageLoader("crossclaim.documents"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
        )
        self._template = environment.get_template("subject_export.html")

    def __call__(self, told: dict[str, Any]) -> dict[str, str]:
        return {
            f"index.{language}.html": self._template.render(
                told=told,
                language=language,
                words={name: said[place] for name, said in _WORDS.items()},
                kinds={name: said[place] for name, said in _KINDS.items()},
                flat=flat,
            )
            for place, language in enumerate(_LANGUAGES)
        }


def flat(told: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every single value with its path."""
    if isinstance(told, dict):
        for key, value in told.items():
            yield from flat(value, f"{name}.{key}" if name else str(key))
    elif isinstance(told, list):
        for place, value in enumerate(told, 1):
            yield from flat(value, f"{name} {place}")
    else:
        yield name, str(told)
