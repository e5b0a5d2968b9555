"""The planner's desk without a server: its real page and scripts, answers for a made-up community.

Three grids of two parcels each stand beside each other, 200 m wide; a road runs along the middle.
What the desk asks for is kept, so that a test can say which stroke a gesture makes.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from dashboard.screens.planner import desk
from dashboard.screens.planner.frame import Shown
from dashboard.server import bundle
from dashboard.server.headers import policy
from tests.browser.conftest import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

ORIGIN: Final = "http://127.0.0.1:9"
PLAN: Final = f"{ORIGIN}/plan/p1"
WEST, NORTH = 103.9, 30.6
SIDE: Final = 200.0  # metres of a parcel
BEFORE: Final = "() => document.querySelector('.plan-canvas').dataset.painted"
IDLE: Final = "() => document.getElementById('planner').dataset.busy === '0'"
PLACE: Final = """([lon, lat]) => {
  const {map} = window.yiping.planner.desk;
  const {left, top} = map.host.getBoundingClientRect();
  const [x, y] = map.view.screen(map.plane.from(lon, lat));
  return [left + x, top + y];
}"""
NAMES: Final = {"A": "第1网格", "B": "第2网格", "C": "第3网格"}
NEXT: Final = {
    "state": "community", "name": "社区核对", "dated": False, "may": True,
    "word": "提交到：社区核对",
}  # fmt: skip
CARDS: Final = {
    "verdict": {"title": "校验通过", "note": ""},
    "table": {"title": "无变化", "note": "", "rows": []},
    "summary": [], "checks": [], "comments": [], "chain": [], "approvals": [],
    "classes": {"key": "households", "breaks": [300, 500], "labels": []},
}  # fmt: skip


def earth(east: float, south: float) -> list[float]:
    """Degrees of metres from the north-western corner."""
    lon = east / (111_320 * math.cos(math.radians(NORTH)))
    return [round(WEST + lon, 8), round(NORTH - south / 111_320, 8)]


def ring(east: float, south: float, wide: float, high: float) -> list[list[float]]:
    """A rectangle."""
    corners = ((0, 0), (wide, 0), (wide, high), (0, high), (0, 0))
    return [earth(east + dx, south + dy) for dx, dy in corners]


def land() -> dict[str, Any]:
    """Six parcels in two rows, a building in each, and a road between the rows."""
    spots = [(column * SIDE, row * SIDE) for row in range(2) for column in range(3)]
    return {
        "ground": "g1", "crs": "EPSG:4544",
        "box": [*earth(0, 2 * SIDE), *earth(3 * SIDE, 0)],
        "atoms": [
            {"id": 10 + i, "rings": [ring(*spot, SIDE, SIDE)], "households": 200, "community": "9"}
            for i, spot in enumerate(spots)
        ],
        "buildings": [
            dict(zip(("lon", "lat"), earth(east + 50, south + 60), strict=True))
            | {"id": f"b{i}", "households": 200, "atom": 10 + i}
            for i, (east, south) in enumerate(spots)
        ],
        "lines": [{"kind": "road", "name": "中街", "points": [earth(-50, SIDE), earth(650, SIDE)]}],
    }  # fmt: skip


def state(head: str = "h0", *, undo: int = 0, redo: int = 0, locked: str = "") -> dict[str, Any]:
    """Three grids, one to each column."""
    grids = [
        {
            "code": code, "name": NAMES[code], "households": 400, "people": 900, "buildings": 2,
            "cases_week": 3.5, "load": 100, "locked": code == locked, "new": False, "over": False,
            "under": False, "rings": [ring(i * SIDE, 0, SIDE, 2 * SIDE)],
            "label": earth(i * SIDE + 110, 300),
        }
        for i, code in enumerate(NAMES)
    ]  # fmt: skip
    scope = {"code": "9", "name": "中社区", "path": [{"code": "9", "name": "中社区"}], "inside": []}
    plan = {
        "id": "p1", "name": "方案B", "title": "方案B · 草稿", "note": "", "state": "draft",
        "state_name": "草稿", "base": "s1", "head": head, "ground": "g1",
        "mark": head, "city": "s1",
        "undo": undo, "redo": redo, "saved": "", "scope": scope, "rules": "",
        "limit_households": 500, "overtaken": "", "covers": "9",
        "editable": True, "zone": {"middle": 105.0, "easting": 500000.0}, "live": "s1",
        "next": NEXT, "back": None, "away": None, "review": {"title": "提交审核", "lead": ""},
    }  # fmt: skip
    today = [{key: grid[key] for key in ("code", "name", "rings", "label")} for grid in grids]
    owner = [0, 1, 2, 0, 1, 2]
    return CARDS | {"plan": plan, "grids": grids, "today": today, "owner": owner, "took_ms": 1.0}


@dataclass
class Desk:
    """A desk on a page, and what it asked for.

    asked: strokes and steps in their order, as address and body; refusals: what the next ones are
    answered with instead, status and body.
    """

    page: Page
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refusals: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    lost: int = 0  # requests that nobody answers
    heads: int = 0
    told: str = "h0"  # the head of the state that was given last
    others: str = ""  # who changed the plan since, "" nobody: told when the desk looks
    answers: dict[str, Any] | None = None  # the state after a stroke, where it matters

    @property
    def ops(self) -> list[dict[str, Any]]:
        """The operations that were sent."""
        return [body["op"] for name, body in self.asked if name == "do"]

    def point(self, east: float, south: float) -> tuple[float, float]:
        """Where metres lie in the window."""
        x, y = self.page.evaluate(PLACE, earth(east, south))
        return x, y

    def click(self, east: float, south: float) -> None:
        """Click at metres."""
        self.page.mouse.click(*self.point(east, south))

    def drag(self, *points: tuple[float, float]) -> None:
        """Press at the first place and let go at the last."""
        self.page.mouse.move(*self.point(*points[0]))
        self.page.mouse.down()
        for point in points[1:]:
            self.page.mouse.move(*self.point(*point), steps=4)
        self.page.mouse.up()

    def type(self, *texts: str) -> None:
        """Type coordinates or metres from the last point, as the keyboard does."""
        for text in texts:
            self.page.keyboard.press("x")
            self.page.keyboard.type(text)
            self.page.keyboard.press("Enter")

    def at(self, east: float, south: float) -> str:
        """Coordinates as they are typed."""
        return " ".join(f"{degrees:.8f}" for degrees in earth(east, south))

    def done(self) -> list[dict[str, Any]]:
        """The operations, once nothing is under way."""
        self.page.wait_for_function(IDLE)
        return self.ops

    def answer(self, route: Route) -> None:
        """Answer like the server."""
        path = urlsplit(route.request.url).path
        if path.startswith("/api/plans/p1/"):
            self._api(route, path.rpartition("/")[2])
        elif path.startswith("/plan/"):
            page = desk.page(_shown(), "p1", "方案B", "9", "s1")
            csp = {"Content-Security-Policy": policy(())}
            route.fulfill(body=page, content_type="text/html", headers=csp)
        elif path.startswith("/assets/bundle/"):
            name = path.rpartition("/")[2]
            route.fulfill(body=FILES.files[name], content_type=bundle.TYPES[name[-3:].strip(".")])
        elif path.startswith("/assets/"):
            route.fulfill(path=ROOT / path[1:])
        elif path == "/live/state":
            route.fulfill(status=503, headers={"Retry-After": "60"})
        else:
            route.fulfill(status=204)

    def _api(self, route: Route, name: str) -> None:
        if self.lost:
            self.lost -= 1
            route.abort()
        elif name == "land":
            _tell(route, land())
        elif name == "ready":
            _tell(route, {"added": [], "inherited": []})
        elif name == "history":
            _tell(route, {"steps": []})
        elif name == "jobs" and route.request.method == "GET":
            _tell(route, {"job": ""})
        elif name == "head":
            mark = f"h{self.heads}" if self.others else self.told
            _tell(route, {"mark": mark, "city": "s1", "by": self.others, "live": "s1"})
        elif name == "state":
            _tell(route, self._state())
        elif name == "try":
            _tell(route, TRIED)
        else:
            self._change(route, name)

    def _change(self, route: Route, name: str) -> None:
        self.asked.append((name, json.loads(route.request.post_data or "{}")))
        if self.refusals:
            status, refusal = self.refusals.pop(0)
            _tell(route, {"why": "", "text": "不行", "grids": [], "atoms": []} | refusal, status)
            return
        self.heads += 1
        if name == "carry":
            _tell(route, {"id": "p2"})
            return
        _tell(route, self._state() if self.answers is None else self.answers)

    def _state(self) -> dict[str, Any]:
        self.told = f"h{self.heads}"
        return state(self.told, undo=self.heads, redo=1)


TRIED: Final = {
    "grids": [
        {"code": "B", "name": "第2网格", "new": False, "before": 400, "after": 150},
        {"code": "D", "name": "第4网格", "new": True, "before": None, "after": 250},
    ],
    "crosses_buildings": 0, "refused": None, "took_ms": 1.0,
}  # fmt: skip
FILES: Final = bundle.make(ROOT / "assets")


def _tell(route: Route, what: dict[str, Any], status: int = 200) -> None:
    route.fulfill(status=status, body=json.dumps(what), content_type="application/json")


def _shown() -> Shown:
    return Shown(
        language="zh", theme="light", title="小城一屏", rights=frozenset({"view", "plan"}),
        age="14:31", sources=(), path="/plan/p1", asked={}, style=FILES.style, script=FILES.desk,
        build="b",
    )  # fmt: skip


def opened(page: Page, query: str = "") -> Desk:
    """The desk on a page, painted."""
    made = Desk(page)
    page.goto("about:blank")  # the desk before asks on, and would meet no answer
    page.unroute_all()
    page.route("**/*", made.answer)
    page.goto(PLAN + query)
    page.wait_for_function(BEFORE)
    return made
