"""Our own scripts and styles as one file each: two requests instead of fifty."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Response

from dashboard.server.answers import refuse

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from flask import Flask

# Below /assets and one folder deep, so that relative addresses inside of a style sheet still hold.
RULE: Final = "/assets/bundle/<name>"
TYPES: Final = {"js": "text/javascript", "css": "text/css"}
LATER: Final = "lib/plotly-basic.min.js"  # fetched when the first chart asks for it
ICON: Final = "icons/yiping.svg"  # of the browser's tab
# Dash's polyfills are for browsers of before 2018 and cost a tenth of the first paint; what else
# they bring and Dash relies on, lib/regenerator-runtime.js, is in our bundle.
UNNEEDED: Final = "/deps/polyfill@"
# The planner's desk stands without Dash: its scripts, and those of others that it shares.
OWN: Final = "planner"
SHARED: Final = frozenset(
    {"lib/vector-tile.js", "live/ages.js", "live/asking.js", "live/client.js", "screens/help.js"}
    | {f"map/{name}.js" for name in (
        "base", "buildings", "colours", "labels", "roadnames", "roads", "scratch", "signs",
        "specks", "stage", "strokes", "tiles",
    )}
)  # fmt: skip


@dataclass(frozen=True)
class Bundle:
    """Name and content of each file; version: changes with any of them.

    charts, icon: addresses of files that are not joined with others.
    """

    files: dict[str, bytes]
    version: str
    charts: str
    icon: str

    @property
    def script(self) -> str:
        """The tag of the scripts."""
        return f'<script src="/assets/bundle/yiping.js?m={self.version}"></script>'

    @property
    def desk(self) -> str:
        """The tag of the scripts of the planner's desk, which run once its page is there."""
        return f'<script defer src="/assets/bundle/{OWN}.js?m={self.version}"></script>'

    @property
    def style(self) -> str:
        """The tags of the styles and of the icon of the browser's tab."""
        return (
            f'<link rel="icon" type="image/svg+xml" href="{self.icon}">'
            f'<link rel="stylesheet" href="/assets/bundle/yiping.css?m={self.version}">'
        )


def make(assets: Path) -> Bundle:
    """Join every script and every style sheet below a folder, in the order of their paths."""
    files = {f"yiping.{kind}": _join(assets, _paths(assets, kind)) for kind in TYPES}
    files[f"{OWN}.js"] = _join(assets, _desk(assets))
    charts, icon = (_dated(assets, name) for name in (LATER, ICON))
    return Bundle(files, _digest(*files.values()), charts, icon)


def _dated(assets: Path, name: str) -> str:
    """The address of a file of its own, which changes with it."""
    return f"/assets/{name}?m={_digest((assets / name).read_bytes())}"


def install(server: Flask, bundle: Bundle) -> None:
    """Answer the route."""

    def serve(name: str) -> Response:
        if name not in bundle.files:
            return refuse(HTTPStatus.NOT_FOUND)
        return Response(bundle.files[name], mimetype=TYPES[name.rpartition(".")[2]])

    server.add_url_rule(RULE, "bundle", serve)


def lean(scripts: str) -> str:
    """Script tags without those that no browser of today needs."""
    tags = scripts.splitlines(keepends=True)
    return "".join(tag for tag in tags if UNNEEDED not in tag)


def _paths(assets: Path, kind: str) -> list[Path]:
    """All of a kind, but what comes later, and but scripts of the planner's desk."""
    found = sorted(path for path in assets.rglob(f"*.{kind}") if path != assets / LATER)
    own = assets / OWN
    return [path for path in found if kind != "js" or not path.is_relative_to(own)]


def _desk(assets: Path) -> list[Path]:
    """The scripts of the planner's desk."""
    shared = (assets / name for name in sorted(SHARED))
    return [*(path for path in shared if path.exists()), *sorted((assets / OWN).glob("*.js"))]


def _join(assets: Path, paths: Iterable[Path]) -> bytes:
    parts = [f"/* {path.relative_to(assets)} */\n{path.read_text('utf-8')}\n" for path in paths]
    return "".join(parts).encode()


def _digest(*contents: bytes) -> str:
    return hashlib.sha256(b"\0".join(contents)).hexdigest()[:16]
