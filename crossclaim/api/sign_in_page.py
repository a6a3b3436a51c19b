"""The sign-in page: one button, or who is here and a way out. Plain HTML, no script.

It wears the console's look where the console is served, and reads well without it.
"""

from __future__ import annotations

from urllib.parse import urlencode

from jinja2 import Environment

from crossclaim.api.identity_ports import SignedIn
from crossclaim.domain.language import Language

_WORDS: dict[Language, dict[str, str]] = {
    Language.EN: {
        "title": "Sign in to crossclaim",
        "why": "Your organisation's identity provider proves who you are.",
        "sign_in": "Sign in",
        "known": "Signed in as",
        "role": "Role",
        "sign_out": "Sign out",
        "again": "Sign in again",
        "languages": "Language",
    },
    Language.ZH_HANT: {
        "title": "登入 crossclaim",
        "why": "由所屬機構的身分提供者驗證你的身分。",
        "sign_in": "登入",
        "known": "已登入：",
        "role": "角色",
        "sign_out": "登出",
        "again": "重新登入",
        "languages": "語言",
    },
    Language.ZH_HANS: {
        "title": "登录 crossclaim",
        "why": "由所属机构的身份提供者验证您的身份。",
        "sign_in": "登录",
        "known": "已登录：",
        "role": "角色",
        "sign_out": "退出登录",
        "again": "重新登录",
        "languages": "语言",
    },
}
_NAMES = {Language.EN: "English", Language.ZH_HANT: "繁體中文", Language.ZH_HANS: "简体中文"}
_PAGE = Environment(autoescape=True).from_string(
    """<!doctype html>
<html lang="{{ lang }}" data-theme="{{ theme }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ words.title }}</title>
<link rel="stylesheet" href="/console/static/console.css">
<link rel="icon" href="/console/static/icon.svg" type="image/svg+xml">
</head>
<body>
<main class="card narrow">
<h1>{{ words.title }}</h1>
{% if refused %}<p role="alert">{{ refused }}</p>
{% endif %}{% if signed_in %}<p>{{ words.known }} <strong>{{ signed_in.name }}</strong></p>
{% set who = signed_in.principal %}
<p>{{ words.role }}: {{ who.role.value }} · {{ who.organisation }}</p>
<form method="post" action="/sign-out">
<input type="hidden" name="csrf" value="{{ signed_in.csrf }}">
<button type="submit">{{ words.sign_out }}</button>
</form>
<p><a href="{{ start }}&amp;anew=true">{{ words.again }}</a></p>
{% else %}<p>{{ words.why }}</p>
<p><a id="sign-in" class="button" href="{{ start }}">{{ words.sign_in }}</a></p>
{% endif %}<nav aria-label="{{ words.languages }}">
{% for tag, name, address in names %}<a href="{{ address }}" lang="{{ tag }}"
{%- if tag == lang %} aria-current="true"{% endif %}>{{ name }}</a>
{% endfor %}</nav>
</main>
</body>
</html>
"""
)


def page_of(
    language: Language,
    signed_in: SignedIn | None,
    return_to: str,
    *,
    theme: str = "auto",
    refused: str | None = None,
) -> str:
    """``return_to`` is kept by every link of the page, so that no choice here loses the way."""
    way = {"return_to": return_to}
    return _PAGE.render(
        lang=language.value,
        theme=theme,
        words=_WORDS[language],
        signed_in=signed_in,
        start="/sign-in/start?" + urlencode({"language": language.value, **way}),
        refused=refused,
        names=[
            (one.value, name, "/sign-in?" + urlencode({"language": one.value, **way}))
            for one, name in _NAMES.items()
        ],
    )
