"""A refusal as a page for people: what happened, what to do, and the way back."""

from __future__ import annotations

import html
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from dashboard.i18n import TAGS, t
from dashboard.theme.tokens import FONT, token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.errors import Notice

ADVICE: Final = frozenset((403, 404, 422, 429, 500, 503, 507))  # the others share one
# The page stands alone: who may not come in is not sent the style sheets either.
STYLE: Final = """
html{{background:{bg};color:{t1};font:14px/1.6 {font}}}
body{{margin:0;min-height:100vh;display:flex;align-items:center;justify-content:center}}
main{{box-sizing:border-box;width:100%;max-width:620px;margin:24px;padding:28px 32px;
background:{panel};border:1px solid {line};border-radius:8px}}
small{{font-size:13px;color:{t3}}}
h1{{margin:2px 0 8px;font-size:22px;line-height:1.35;font-weight:600}}
p{{margin:0 0 8px;color:{t2};overflow-wrap:anywhere}}
a{{display:inline-block;margin-top:10px;padding:0 18px;line-height:36px;border-radius:6px;
border:1px solid {strong};color:{t1};text-decoration:none}}
a:focus-visible{{outline:2px solid {t1};outline-offset:2px}}
"""


def page(told: Notice, lines: Sequence[str], language: str, theme: str) -> str:
    """The page of a notice in a theme; who is not let in has nowhere to go back to."""
    style = STYLE.format(
        font=FONT, bg=token(theme, "bg"), panel=token(theme, "panel"), line=token(theme, "line"),
        strong=token(theme, "line-strong"), t1=token(theme, "t1"), t2=token(theme, "t2"),
        t3=token(theme, "t3"),
    )  # fmt: skip
    said = "".join(f"<p>{html.escape(line)}</p>" for line in lines if line)
    button = t("server.back", language)
    away = f'<a href="/">{html.escape(button)}</a>'
    if told.status == HTTPStatus.UNAUTHORIZED:
        away = ""
    return (
        f'<!doctype html><html lang="{TAGS[language]}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{html.escape(told.text)}</title><style>{style}</style>"
        f"<body><main><small>{told.status.value}</small><h1>{html.escape(told.text)}</h1>"
        f"{said}{away}</main></body></html>"
    )


def advice(status: HTTPStatus, language: str) -> str:
    """What a person can do about a status."""
    key = str(status.value) if status.value in ADVICE else "other"
    return t(f"server.advice_{key}", language)
