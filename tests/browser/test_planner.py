"""The planner's desk with its server: an over-limit grid is split, exported and put back."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import numpy as np
import pytest
from pyproj import Transformer

from geodata.crs import shifted
from tests.browser.conftest import ROOT, opened, served
from tests.browser.planned import BLOCK, publish_planned
from tests.browser.tiny import SOUTH, WEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Request

    from tests.browser.conftest import Watch

AXE: Final = ROOT / "tests" / "lib" / "axe.min.js"
MOST_GESTURES: Final = 12
MOST_ASKED: Final = (
    3  # of the server for one stroke: what it would do, to do it, land if it was cut
)
NARROW: Final = {"width": 1280, "height": 800}
STATE: Final = "window.yiping?.planner?.desk?.state"
IDLE: Final = f"() => {STATE} && document.getElementById('planner').dataset.busy === '0'"
PLACE: Final = """([lon, lat]) => {
  const {map} = window.yiping.planner.desk;
  const {left, top} = map.host.getBoundingClientRect();
  const [x, y] = map.view.screen(map.plane.from(lon, lat));
  return [left + x, top + y];
}"""
TAKES: Final = "() => document.querySelector('#plan-ask [type=submit]').textContent === '确认导入'"
WIDER: Final = """() => [...document.querySelectorAll(
  '.header, .plan-tool, .plan-place, .plan-card, .plan-card h2, #plan-actions > *, #plan-status'
)].filter((each) => each.scrollWidth > each.clientWidth + 1)
  .map((each) => each.className || each.id)"""
FROM: Final = (WEST + 2 * BLOCK, SOUTH + 2.3 * BLOCK)
TO: Final = (WEST + 2 * BLOCK, SOUTH - 0.3 * BLOCK)


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server whose first grid has too many households."""
    folder = tmp_path_factory.mktemp("planned")
    publish_planned(folder)
    with served(folder) as address:
        yield address


@pytest.fixture
def plan(planned: str, page: Page) -> str:
    """The address of a new scenario's desk, made as a planner makes it."""
    page.goto(f"{planned}/plan?lang=zh&theme=light")
    page.fill("#plan-new [name=name]", "方案A")
    page.select_option("#plan-new [name=scope]", "991")
    page.select_option("#plan-new [name=rules]", "shuangliu")
    page.click("#plan-new [type=submit]")
    page.wait_for_function(IDLE)
    return page.url


def bad(page: Page) -> list[str]:
    """Keys of the checks that fail."""
    return [
        str(each.get_attribute("data-check"))
        for each in page.locator('[data-check][data-ok="0"]').all()
    ]


def point(page: Page, place: tuple[float, float]) -> tuple[float, float]:
    x, y = page.evaluate(PLACE, list(place))
    return float(x), float(y)


def grids(page: Page) -> dict[str, int]:
    found: dict[str, int] = page.evaluate(
        f"Object.fromEntries({STATE}.grids.map((grid) => [grid.code, grid.households]))"
    )
    return found


def test_the_list_says_what_is_out_of_date_as_soon_as_it_is_known(planned: str, page: Page) -> None:
    row = {
        "id": "p1", "name": "方案A", "scope_name": "甲街道", "state_name": "草稿", "grids": [4, 5],
        "author": "周砚", "changed": "11-21 14:30", "fault": "", "carried": [],
    }  # fmt: skip
    because = {"overtaken": "1 个网格已变", "carried": [{"id": "p2", "name": "方案A（续）"}]}
    answers = [row | {"overtaken": None}, row | because]
    page.route(
        "**/api/plans*",
        lambda route: route.fulfill(
            json={"plans": [answers.pop(0) if answers[1:] else answers[0]]}
        ),
    )
    page.goto(f"{planned}/plan?lang=en")
    shown = page.locator("#plan-rows tr")
    page.wait_for_function("() => document.querySelector('#plan-rows .plan-stale')")
    assert len(answers) == 1  # it asked again
    assert "Out of date" in shown.inner_text()
    assert "1 个网格已变" in shown.inner_text()
    assert shown.locator("a").last.get_attribute("href") == "/plan/p2?lang=en"


def test_a_change_of_language_keeps_what_was_filled_in(planned: str, page: Page) -> None:
    page.goto(f"{planned}/plan?lang=zh")
    page.fill("#plan-new [name=name]", "方案甲")
    page.select_option("#plan-new [name=rules]", "shuangliu")
    page.click(".switch a[lang=en]")
    page.wait_for_selector("html[lang=en]")
    assert page.input_value("#plan-new [name=name]") == "方案甲"
    assert page.input_value("#plan-new [name=rules]") == "shuangliu"


def test_a_grid_over_the_limit_is_split_exported_and_put_back(page: Page, plan: str) -> None:
    before = grids(page)
    assert "households_over" in bad(page)
    gestures = 0
    page.click("[data-tool=split]")
    page.mouse.click(*point(page, FROM))
    page.mouse.move(*point(page, TO))
    page.wait_for_function("() => !document.getElementById('plan-hint').hidden")
    page.keyboard.press("Enter")
    gestures += 4
    page.wait_for_function(f"() => {STATE}.plan.undo === 1")
    page.wait_for_function(IDLE)
    assert sorted(grids(page).values()) == [720, 720, 720]
    assert bad(page) == []
    page.click(".plan-export summary")
    with page.expect_download() as waited:
        assert page.locator("#plan-export-of").inner_text().endswith("，3 个网格")
        page.click("[data-export=gpkg]")
    gestures += 2
    assert Path(waited.value.path()).stat().st_size > 10_000
    assert gestures <= MOST_GESTURES
    page.click("[data-do=undo]")
    page.wait_for_function(f"() => {STATE}.plan.undo === 0")
    page.wait_for_function(IDLE)
    assert grids(page) == before
    assert "households_over" in bad(page)
    page.reload()
    page.wait_for_function(IDLE)
    assert grids(page) == before
    assert page.url.partition("?")[0] == plan.partition("?")[0]


def until(page: Page, selector: str, key: str = "Tab") -> None:
    """Press a key until something has the focus."""
    for _ in range(60):
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press(key)
    pytest.fail(f"{selector} is not reached by {key}")


def test_the_same_by_keyboard_alone(page: Page, plan: str) -> None:
    until(page, "[data-tool=split]")
    page.keyboard.press("Enter")
    until(page, ".plan-canvas")
    for place in (FROM, TO):
        page.keyboard.press("x")
        page.keyboard.type(f"{place[0]:.6f} {place[1]:.6f}")
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_function(f"() => {STATE}.plan.undo === 1")
    page.wait_for_function(IDLE)
    assert bad(page) == []
    until(page, ".plan-export summary")
    page.keyboard.press("Enter")
    until(page, "[data-export=geojson]")
    with page.expect_download() as waited:
        page.keyboard.press("Enter")
    assert b"9911003" in Path(waited.value.path()).read_bytes()
    page.keyboard.press("Control+z")
    page.wait_for_function(f"() => {STATE}.plan.undo === 0")
    assert "plan" in plan


def test_a_stroke_asks_the_server_little(page: Page, plan: str) -> None:
    asked: list[Request] = []
    page.click("[data-tool=split]")
    page.mouse.click(*point(page, FROM))
    page.wait_for_load_state("networkidle")
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108
    page.mouse.move(*point(page, TO))
    page.wait_for_function("() => !document.getElementById('plan-hint').hidden")
    page.keyboard.press("Enter")
    page.wait_for_function(f"() => {STATE}.plan.undo === 1")
    page.wait_for_function(IDLE)
    paths = [urlsplit(each.url).path.rpartition("/")[2] for each in asked if "/api/" in each.url]
    paths = [path for path in paths if path != "head"]  # asked by the clock, whatever is done
    assert paths.count("do") == 1
    assert set(paths) <= {"do", "try", "land"}
    assert len(paths) <= MOST_ASKED, paths
    assert plan


def test_alternatives_are_worked_out_and_one_is_taken(page: Page, plan: str) -> None:
    page.click("#plan-actions [data-open=optimise]")
    assert page.locator("#plan-optimise input[type=range]").count() == 5
    page.click("#plan-optimise [type=submit]")
    page.wait_for_selector("[data-alternative]", timeout=90_000)
    assert 1 < page.locator("[data-alternative]").count() <= 3
    drawn = page.locator("[data-alternative] svg").evaluate_all("all => all.map(e => e.innerHTML)")
    assert len(set(drawn)) == len(drawn)  # those that are the same are one
    assert page.locator("[data-alternative] svg path").count() >= 6
    page.click("[data-alternative=least]")
    page.wait_for_function(f"() => {STATE}.plan.undo === 1")
    assert "households_over" not in bad(page)
    assert "已采用“变动最少" in page.locator("#plan-told").inner_text()
    other = page.locator("[data-alternative]").last
    key, name = other.get_attribute("data-alternative"), other.locator("b").inner_text()
    other.click()  # in the place of the first one
    page.wait_for_selector(f"[data-taken={key}]")
    assert page.evaluate(f"{STATE}.plan.undo") == 1
    page.reload()
    page.wait_for_selector(f"[data-taken={key}]", timeout=60_000)  # they are still there to take
    assert page.locator(f"[data-alternative={key}][aria-pressed=true]").count() == 1
    page.click("#plan-history [data-key=history]")
    page.wait_for_selector("[data-step]")
    said = page.locator("[data-step]").first.inner_text()
    assert f"采用备选：{name.split('、')[0]}" in said
    assert "允许偏差" in said  # all by which it can be worked out again
    page.evaluate(
        "window.yiping.planner.desk.do({do: 'split_k', grid: "
        f"{STATE}.grids.find((grid) => !grid.locked).code, k: 2}})"
    )
    page.wait_for_function(f"() => {STATE}.plan.undo === 2")
    page.wait_for_selector("[data-alternative]", state="detached")  # not of these grids any more
    page.keyboard.press("Control+z")
    page.wait_for_selector(f"[data-taken={key}]")
    page.click("[data-key=untake]")
    page.wait_for_function(f"() => {STATE}.plan.undo === 0")
    assert page.locator("[data-taken]").count() == 0
    assert page.locator("[data-alternative]").count() > 1, "they are of these grids"
    assert plan


@pytest.mark.parametrize("viewport", [(1440, 900), (1920, 1080)])
def test_a_number_of_grids_is_wished_by_keyboard_and_had(
    page: Page, plan: str, viewport: tuple[int, int]
) -> None:
    """And what came of it is seen without scrolling."""
    page.set_viewport_size({"width": viewport[0], "height": viewport[1]})
    page.focus("#plan-actions [data-open=optimise]")
    page.keyboard.press("Enter")
    page.focus("#plan-optimise [name=kind]")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "size"
    page.keyboard.press("End")
    assert page.input_value("#plan-optimise [name=size]") == "grids"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "grids"
    page.keyboard.press("Control+a")
    page.keyboard.type("4")
    assert "平均每格约" in page.locator("[data-about]").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-alternative]", timeout=90_000)
    for each in page.locator("[data-alternative]").all():
        box = each.bounding_box()
        assert box
        assert box["y"] + box["height"] <= page.locator("#plan-actions").bounding_box()["y"]
        assert "4" in each.locator("span").first.inner_text()
    assert "网格总数" in page.locator("[data-wish]").inner_text()
    page.locator("[data-alternative]").first.press("Enter")
    page.wait_for_function(f"() => {STATE}.plan.undo === 1 && {STATE}.grids.length === 4")
    assert plan


def test_a_wish_against_the_rules_is_refused_in_the_dialog(planned: str, browser: Browser) -> None:
    with opened(browser) as (page, _):  # a refusal is noticed as a problem of the page
        page.goto(f"{planned}/plan?lang=zh&theme=light")
        page.fill("#plan-new [name=name]", "方案B")
        page.select_option("#plan-new [name=rules]", "shuangliu")
        page.click("#plan-new [type=submit]")
        page.wait_for_function(IDLE)
        page.click("#plan-actions [data-open=optimise]")
        page.select_option("#plan-optimise [name=size]", "households")
        assert "双流" in page.locator(".plan-size .cited").inner_text()
        page.fill("#plan-optimise [name=households]", "1200")
        page.keyboard.press("Enter")
        said = page.wait_for_selector("#plan-optimise [data-said] p")
        assert said
        assert "上限" in said.inner_text()
        page.select_option("#plan-optimise [name=kind]", "rebalance")
        assert page.locator("#plan-optimise [name=size]").is_disabled()


def test_borders_that_were_exported_are_imported_again(
    page: Page, plan: str, tmp_path: Path
) -> None:
    page.click(".plan-export summary")
    with page.expect_download() as waited:
        page.click("[data-export=geojson]")
    drawn = tmp_path / "grids.geojson"
    waited.value.save_as(drawn)
    page.click("#plan-history [data-key=import]")
    page.set_input_files("#plan-ask [name=file]", drawn)
    page.click("#plan-ask [type=submit]")
    page.wait_for_function(TAKES)
    told = page.locator("#plan-ask").inner_text().replace("\u2009", " ")
    assert "读入 2 个网格" in told
    assert "坐标系：WGS 84 经纬度" in told
    assert "文字示例：" in told
    # What a refusal may ask for is there to be chosen; another choice is tried anew.
    page.select_option("#plan-ask [name=cut]", "yes")
    assert page.locator("#plan-ask [type=submit]").inner_text() == "试读"
    with page.expect_request(lambda asked: "cut=yes" in asked.url):
        page.click("#plan-ask [type=submit]")
    page.keyboard.press("Escape")
    assert plan


def bare(page: Page, folder: Path) -> Path:
    """The grids of the plan in its metres, shapes alone: they do not say their system."""
    page.click(".plan-export summary")
    with page.expect_download() as waited:
        page.click("[data-export=shp]")
    with zipfile.ZipFile(waited.value.path()) as archive:
        path = folder / "bare.zip"
        with zipfile.ZipFile(path, "w") as less:
            for name in archive.namelist():
                if not name.endswith(".prj"):
                    less.writestr(name, archive.read(name))
    return path


def test_the_plans_own_system_and_any_other_are_named_by_keyboard(
    page: Page, plan: str, watch: Watch, tmp_path: Path
) -> None:
    drawn = bare(page, tmp_path)
    page.focus("#plan-history [data-key=import]")
    page.keyboard.press("Enter")
    page.set_input_files("#plan-ask [name=file]", drawn)
    page.click("#plan-ask [type=submit]")
    page.wait_for_selector("#plan-ask .said p")
    told = page.locator("#plan-ask .said").inner_text()
    assert "其坐标与本方案所用的 EPSG:4544 相符，请在“坐标系”中选择它" in told.replace(
        "\u2009", " "
    )
    watch.problems.clear()  # the browser tells of the refusal
    assert not page.is_visible("#plan-ask [name=code]")
    page.focus("#plan-ask [name=crs]")
    page.keyboard.press("ArrowDown")  # what the file says → the plan's own
    assert page.input_value("#plan-ask [name=crs]") == "EPSG:4544"
    page.focus("#plan-ask [type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_function(TAKES)
    # Another one is written; nothing is sent before it is, and the next key is at its field.
    page.focus("#plan-ask [name=crs]")
    page.keyboard.press("End")
    assert page.input_value("#plan-ask [name=crs]") == "other"
    assert page.locator("#plan-ask [type=submit]").inner_text() == "试读"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "code"
    page.keyboard.press("Enter")
    assert page.locator("#plan-ask :invalid[name=code]").count() == 1
    page.keyboard.type("4544")
    with page.expect_request(lambda asked: "crs=4544" in asked.url):
        page.keyboard.press("Enter")
    page.wait_for_function(TAKES)
    page.keyboard.type("3")
    assert page.locator("#plan-ask [type=submit]").inner_text() == "试读"
    page.keyboard.press("Escape")
    assert plan


def test_what_people_wrote_stays_text(page: Page, plan: str) -> None:
    page.click("#plan-status [data-open=history]")
    page.fill("#plan-history textarea", "<img src=x onerror=window.__xss=1>")
    page.click("#plan-history [data-key=send]")
    page.wait_for_function(f"() => {STATE}.comments.length === 1")
    page.wait_for_function("() => document.querySelector('#plan-history textarea').value === ''")
    assert "意见 1 条" in page.locator("#plan-history h2").first.inner_text()
    assert "<img" in page.locator("#plan-history").inner_text()
    assert page.evaluate("window.__xss") is None
    assert page.locator("#plan-history img").count() == 0
    assert plan


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_pages_are_accessible_and_nothing_overflows(
    browser: Browser, planned: str, language: str, theme: str
) -> None:
    with opened(browser, bypass_csp=True) as (page, watch):
        body = {"name": f"{language} {theme}", "scope": "991", "rules": "shuangliu"}
        made = page.request.post(f"{planned}/api/plans", data=body).json()["id"]
        for path in (f"/plan/{made}", "/plan"):
            page.set_viewport_size(NARROW)
            page.goto(f"{planned}{path}?lang={language}&theme={theme}")
            page.wait_for_function(IDLE if made in path else "() => document.querySelector('td')")
            page.wait_for_load_state("networkidle")
            assert page.evaluate(WIDER) == [], path
            page.evaluate(AXE.read_text(encoding="utf-8"))
            found: list[dict[str, Any]] = page.evaluate("axe.run().then((told) => told.violations)")
            assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], path
        assert watch.problems == []


def test_the_cursor_is_told_in_every_system(page: Page, plan: str) -> None:
    places = [(WEST + 0.003, SOUTH + 0.001), (106.4, 31.9), (103.2, 22.4)]
    metres = Transformer.from_crs("EPSG:4490", "EPSG:4544", always_xy=True)
    for lon, lat in places:
        x, y = page.evaluate(
            "([lon, lat]) => yiping.planner.status.gauss(lon, lat, {middle: 105, easting: 500000})",
            [lon, lat],
        )
        assert (x, y) == pytest.approx(metres.transform(lon, lat), abs=0.01)
        there = page.evaluate("([lon, lat]) => yiping.planner.status.gcj02(lon, lat)", [lon, lat])
        wanted = [float(each[0]) for each in shifted(np.array([lon]), np.array([lat]))]
        assert there == pytest.approx(wanted, abs=1e-7)
    page.select_option("#plan-crs", "wgs84")
    page.mouse.move(*point(page, places[0]))
    page.wait_for_function(
        "() => document.querySelector('[data-status=cursor]').textContent[0] === '经'"
    )
    assert f"{places[0][0]:.3f}" in page.locator("[data-status=cursor]").inner_text()
    assert plan


def test_the_overview_is_seen_under_the_draft(page: Page, plan: str) -> None:
    page.goto(plan)
    page.wait_for_function(IDLE)
    page.evaluate("window.yiping.planner.desk.select('9911001')")  # rewrites links to this page
    page.locator("#plan-history [data-key=overview]").click()
    page.wait_for_url("**/?*bv=draft.*theme=light")
    page.locator(".kpi .figure").first.wait_for()


def test_a_draft_is_taken_back_with_its_reason_and_names_its_land(
    watched: tuple[Page, Watch], plan: str
) -> None:
    page, watch = watched
    desk = "window.yiping.planner.desk"
    with page.expect_request("**/do?*") as sent:
        page.evaluate(f"{desk}.do({{do: 'merge', survivor: '9911002', other: '9911001'}})")
    page.wait_for_function(f"() => {STATE}.plan.undo === 1")
    ground = page.evaluate(f"{STATE}.plan.ground")
    assert sent.value.post_data_json["ground"] == ground
    page.evaluate(
        f"Object.assign({desk}.state.plan, {{ground: 'of before a cut', mark: ''}});"
        f"{desk}.watch.look()"
    )
    page.wait_for_function(f"() => {STATE}.plan.ground === '{ground}'")
    page.evaluate(f"{desk}.change('move', {{to: 'community', reason: ''}})")
    page.wait_for_function(f"() => {STATE}.plan.state === 'community'")
    assert page.locator("#plan-told").inner_text() == "方案现为：社区核对"
    assert "只读" in page.locator("#plan-card").inner_text()
    for name in ("tool=split", "do=undo"):
        assert page.get_attribute(f"#plan-tools [data-{name}]", "aria-disabled") == "true"
    page.click("#plan-actions [data-open=submit]")
    assert page.locator("#plan-submit h2").inner_text() == "社区核对"
    assert page.locator("#plan-submit button:text-is('通过，转街道审核')").is_visible()
    page.wait_for_selector(".plan-ready:has-text('必查项没有新增问题')")
    page.fill("#plan-submit textarea[required]", "补充走访")
    page.click("#plan-submit button:text-is('退回草稿')")
    page.wait_for_function(f"() => {STATE}.plan.state === 'draft'")
    page.route("**/comment?*", lambda route: route.fulfill(status=500, json={"text": "磁盘已满"}))
    page.evaluate(f"{desk}.on('refused', (told) => {{ window.told = told.text; }})")
    page.evaluate(f"{desk}.change('comment', {{grid: '', text: 'x'}})")
    page.wait_for_function("() => window.told === '磁盘已满'")
    page.wait_for_function(IDLE)
    assert all("500" in each for each in watch.problems), watch.problems
    watch.problems.clear()  # the browser tells of the answers that were made to fail
    assert page.url.startswith(plan.partition("?")[0])
