"""`/wall/remote`: a plain page by which a phone directs the walls, once it has told the PIN."""

from __future__ import annotations

import html
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Response, g, redirect, request

from dashboard.i18n import TAGS, t
from dashboard.place import LANGUAGES
from dashboard.server.answers import language, refuse
from dashboard.server.identity import is_secure
from dashboard.server.wall.pin import COOKIE, GOOD_S, REMOTE, Pin
from dashboard.server.wall.pin import install as install_pin
from dashboard.server.wall.state import TOPICS, checked, walls
from dashboard.theme.tokens import FONT, token
from geodata.model.errors import SnapshotError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask
    from werkzeug.wrappers import Response as AnyResponse

PATH: Final = "/wall/remote"
THEME: Final = "dark"
PIN_LENGTH: Final = 12
STEPS: Final = ("previous", "next")
STYLE: Final = """
html{{color-scheme:dark;background:{bg};color:{t1};font:18px/1.5 {font}}}
body{{box-sizing:border-box;max-width:520px;margin:0 auto;padding:20px}}
h1{{margin:0 0 4px;font-size:18px;font-weight:600;color:{t2}}}
h2{{margin:0;font-size:26px;line-height:1.3;font-weight:600}}
p{{margin:4px 0 0;color:{t2}}}
.rows{{display:grid;grid-template-columns:1fr 1fr;gap:12px;margin:20px 0}}
.wide{{grid-column:1/-1}}
form{{display:contents}}
button,input,select{{box-sizing:border-box;width:100%;min-height:60px;font:inherit;border-radius:8px;
border:1px solid {strong};background:{panel};color:{t1};padding:0 14px}}
button.main{{background:{fill};border-color:{fill};color:{on}}}
:focus-visible{{outline:3px solid {t1};outline-offset:2px}}
a{{color:{accent}}}
"""


def install(server: Flask, pin: Pin) -> None:
    """Answer the page and what it sends."""
    install_pin(server, pin)
    server.add_url_rule(PATH, "wall_remote", lambda: show(pin))
    server.add_url_rule(PATH, "wall_remote_take", lambda: take(pin), methods=["POST"])


def show(pin: Pin, word: str = "", status: HTTPStatus = HTTPStatus.OK) -> Response:
    """The buttons for who has told the PIN, else the field for it."""
    spoken = language()
    known = pin.knows(request.cookies.get(COOKIE, ""))
    inside = _buttons(spoken) if known else _entrance(pin, spoken)
    said = f'<p role="status">{html.escape(word)}</p>' if word else ""
    response = Response(_page(said + inside, spoken), status, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    return response


def take(pin: Pin) -> AnyResponse:
    """Take a PIN or a command, and go back to the page, so that a reload repeats nothing."""
    given = {name: value for name, value in request.form.items() if value}
    if "pin" in given:
        return _entered(pin, given["pin"])
    if not pin.knows(request.cookies.get(COOKIE, "")):
        return refuse(HTTPStatus.UNAUTHORIZED)
    g.actor = REMOTE
    told, fault = checked(given)
    if fault:
        return refuse(HTTPStatus.UNPROCESSABLE_ENTITY, fault)
    try:
        walls().told(told.pop("do"), **told)
    except ValueError:
        return show(pin, t("wall.remote_nothing", language()), HTTPStatus.CONFLICT)
    return _back()


def _entered(pin: Pin, given: str) -> AnyResponse:
    spoken = language()
    cookie = pin.enter(given) if len(given) <= PIN_LENGTH else None
    if cookie is None:
        shut = pin.is_shut()
        word = t("wall.remote_shut" if shut else "wall.remote_wrong", spoken)
        return show(pin, word, HTTPStatus.TOO_MANY_REQUESTS if shut else HTTPStatus.FORBIDDEN)
    response = _back()
    response.set_cookie(
        COOKIE, cookie, max_age=GOOD_S, path="/wall", httponly=True, samesite="Strict",
        secure=is_secure(),
    )  # fmt: skip
    return response


def _back() -> AnyResponse:
    asked = request.args.get("lang", "")
    return redirect(f"{PATH}?lang={asked}" if asked in LANGUAGES else PATH, HTTPStatus.SEE_OTHER)


def _entrance(pin: Pin, spoken: str) -> str:
    title = f"<h2>{html.escape(t('wall.remote', spoken))}</h2>"
    if not pin.is_set:
        return f"{title}<p>{html.escape(t('wall.remote_unset', spoken))}</p>"
    name = html.escape(t("wall.remote_pin", spoken), quote=True)
    go = html.escape(t("wall.remote_enter", spoken))
    field = (
        f'<input class="wide" name="pin" type="password" inputmode="numeric" '
        f'maxlength="{PIN_LENGTH}" autocomplete="off" required '
        f'aria-label="{name}" placeholder="{name}">'
    )
    form = f'<form method="post">{field}<button class="wide main">{go}</button></form>'
    return f'{title}<div class="rows">{form}</div>'


def _buttons(spoken: str) -> str:
    """What the walls show, and every command."""
    try:
        now = walls().status(spoken)
    except SnapshotError:
        return f"<p>{html.escape(t('wall.remote_no_city', spoken))}</p>"
    told = f"<h1>{html.escape(now['title'])}</h1><h2>{html.escape(now['looks_at'])}</h2>"
    told += f"<p>{html.escape(now['why'])}</p>"
    rows = [_button(spoken, each, "main") for each in STEPS]
    rows.append(_button(spoken, "resume" if now["paused"] else "pause"))
    rows.append(_button(spoken, "thaw" if now["frozen"] else "freeze"))
    if now["alert"]:
        rows.append(_button(spoken, "acknowledge", "wide main", alert=now["alert"]))
    rows += [_topics(spoken, now), _button(spoken, "theme", "wide"), _replay(spoken, now)]
    return f'{told}<div class="rows">{"".join(rows)}</div>'


def _button(spoken: str, do: str, names: str = "", **more: str) -> str:
    """The button of a command, and what that names."""
    word = html.escape(t(f"wall.do_{do}", spoken))
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(value, quote=True)}">'
        for name, value in {"do": do, **more}.items()
    )
    return f'<form method="post">{hidden}<button class="{names}">{word}</button></form>'


def _topics(spoken: str, now: Mapping[str, Any]) -> str:
    """The topic after the one that is shown."""
    after = TOPICS[(TOPICS.index(now["topic"]) + 1) % len(TOPICS)]
    word = html.escape(t("wall.do_topic", spoken, topic=t(f"measure.{after}", spoken)))
    return (
        '<form method="post"><input type="hidden" name="do" value="topic">'
        f'<input type="hidden" name="topic" value="{after}">'
        f'<button class="wide">{word}</button></form>'
    )


def _replay(spoken: str, now: Mapping[str, Any]) -> str:
    if now["replay"]:
        return _button(spoken, "live", "wide main")
    name = html.escape(t("wall.remote_day", spoken), quote=True)
    return (
        '<form method="post"><input type="hidden" name="do" value="replay">'
        f'<input type="date" name="day" required aria-label="{name}">'
        f"<button>{html.escape(t('wall.do_replay', spoken))}</button></form>"
    )


def _page(inside: str, spoken: str) -> str:
    colours = {
        "bg": "bg", "panel": "panel", "t1": "t1", "t2": "t2", "strong": "line-strong",
        "accent": "accent", "fill": "accent-fill", "on": "on-accent",
    }  # fmt: skip
    style = STYLE.format(font=FONT, **{key: token(THEME, name) for key, name in colours.items()})
    title = html.escape(t("wall.remote", spoken))
    return (
        f'<!doctype html><html lang="{TAGS[spoken]}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{style}</style><body><main>{inside}</main></body></html>"
    )
