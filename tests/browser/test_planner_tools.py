"""The tools of the planner's desk: each once by mouse and once by keyboard, and what it sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import opened as page_of
from tests.browser.desks import NAMES, SIDE, Desk, earth, opened, state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, FilePayload, Page, Route

    from tests.browser.conftest import Watch

CANVAS = ".plan-canvas"
CHOSEN = "window.yiping.planner.desk.selected"
POINTS = "window.yiping.planner.desk.tools.tool.points.length"
SCREEN = "window.yiping.planner.desk.map"
FRAMES = """() => [...document.querySelectorAll('.plan-tag:not(.away)')].map((tag) => {
  const {left, top, right, bottom} = tag.getBoundingClientRect();
  return [left, top, right, bottom];
})"""
EXPECTED = ("409", "413", "422", "503", "ERR_FAILED")  # refused, lost, and no ages of sources
ABOUT_M = 2.5  # a click is no nearer than a pixel


@pytest.fixture(scope="module")
def sheet(browser: Browser) -> Iterator[tuple[Page, Watch]]:
    """One page for all; each desk is opened on it anew."""
    with page_of(browser) as found:
        yield found


@pytest.fixture
def desk(sheet: tuple[Page, Watch]) -> Iterator[Desk]:
    """A desk whose page must not complain, except of what a test has refused."""
    page, watch = sheet
    watch.problems.clear()
    made = opened(page)
    yield made
    assert [told for told in watch.problems if not any(each in told for each in EXPECTED)] == []


def tool(desk: Desk, name: str) -> None:
    """Take a tool with the mouse."""
    button = desk.page.locator(f"#plan-tools [data-tool={name}]")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"


def keyed(desk: Desk, key: str) -> None:
    """Take a tool by its letter, with the map in focus."""
    desk.page.focus(CANVAS)
    desk.page.keyboard.press(key)


def chosen(desk: Desk) -> str:
    return str(desk.page.evaluate(CHOSEN))


def metres(places: list[list[float]]) -> list[tuple[float, float]]:
    """Degrees as metres east and south of the corner."""
    (west, north), (east, south) = earth(0, 0), earth(1000, 1000)
    return [
        ((lon - west) / (east - west) * 1000, (lat - north) / (south - north) * 1000)
        for lon, lat in places
    ]


def same(found: list[list[float]], wanted: list[tuple[float, float]]) -> bool:
    """Whether points lie where they should, to what a click can tell."""
    pairs = zip(metres(found), wanted, strict=True)
    return all(abs(x - u) < ABOUT_M and abs(y - v) < ABOUT_M for (x, y), (u, v) in pairs)


def box(places: list[list[float]]) -> tuple[float, float, float, float]:
    xs, ys = zip(*metres(places), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def hint(desk: Desk) -> str:
    """What floats beside the pointer."""
    return desk.page.locator("#plan-hint").inner_text().replace("\n", " ")


def test_a_click_chooses_a_grid_and_the_address_keeps_it(desk: Desk) -> None:
    desk.click(300, 220)
    assert chosen(desk) == "B"
    assert desk.page.url.endswith("at=9&sel=B")
    desk.page.mouse.move(*desk.point(520, 350))
    assert "第3网格" in hint(desk)
    assert "400 户" in hint(desk)
    desk.page.reload()
    desk.page.wait_for_function("() => window.yiping.planner.desk.state")
    assert chosen(desk) == "B"


def test_a_button_means_the_grid_that_is_chosen_by_now(desk: Desk) -> None:
    for east, name in ((520, "C"), (300, "B")):
        desk.click(east, 220)
        assert chosen(desk) == name
    button = desk.page.locator(".plan-bar [data-key=lock], [data-key=lock]").first
    button.click()
    assert [op["grids"] for op in desk.done()] == [["B"]]


def test_tab_walks_the_grids_and_then_leaves_the_map(desk: Desk) -> None:
    desk.page.focus(CANVAS)
    walked = []
    for _ in range(3):
        desk.page.keyboard.press("Tab")
        walked.append(chosen(desk))
    assert walked == ["A", "B", "C"]
    assert "第3网格" in hint(desk)
    desk.page.keyboard.press("Tab")
    assert desk.page.evaluate("!document.activeElement.matches('.plan-canvas')")


def test_a_line_cuts_a_grid_and_tells_before_what_the_parts_hold(desk: Desk) -> None:
    tool(desk, "split")
    desk.click(300, -20)
    desk.page.mouse.move(*desk.point(300, 420))
    desk.page.wait_for_function("() => !document.getElementById('plan-hint').hidden")
    told = hint(desk)
    assert "切分第2网格" in told
    assert "400 → 150 + 250 户" in told
    assert "✓ 不穿楼" in told
    assert desk.ops == []  # nothing is done before it is confirmed
    desk.page.keyboard.press("Enter")
    [op] = desk.done()
    assert (op["do"], op["grid"]) == ("split_line", "B")
    assert same([op["line"][0], op["line"][-1]], [(300, -21), (300, 421)])


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ((210, 190), "均分为 210 + 190 户"),
        ((260, 140), "均分为 260 + 140 户；整栋楼不拆分，地块须相连，最多偏离均值 30%"),
    ],
)
def test_even_parts_tell_what_each_holds_and_why_they_are_not_even(
    desk: Desk, held: tuple[int, int], said: str
) -> None:
    desk.click(300, 100)
    tool(desk, "split")
    parted = state("h1", undo=1)
    second = next(grid for grid in parted["grids"] if grid["code"] == "B")
    second["households"] = held[0]
    parted["grids"].append(second | {"code": "D", "name": "第4网格", "households": held[1]})
    desk.answers = parted
    desk.page.click("[data-key='even 2']")
    assert desk.done() == [{"do": "split_k", "grid": "B", "k": 2}]
    assert desk.page.text_content("#plan-told") == f"{said} 撤销"
    tool(desk, "select")
    desk.page.click("[data-key=lock]")
    assert desk.done()[-1]["do"] == "lock"
    assert desk.page.text_content("#plan-told") == "", "its way back would undo another step now"


def test_a_line_is_drawn_with_arrows_and_typed_metres(desk: Desk) -> None:
    keyed(desk, "k")
    desk.type(desk.at(100, -40), "+0 -480")
    desk.page.keyboard.press("Enter")
    [op] = desk.done()
    assert (op["do"], op["grid"]) == ("split_line", "A")
    assert same([op["line"][0], op["line"][-1]], [(100, -41), (100, 441)])
    for _ in range(4):
        desk.page.keyboard.press("ArrowRight")
    desk.page.keyboard.press("Enter")
    assert desk.page.evaluate(POINTS) == 1
    desk.page.keyboard.press("Escape")
    assert desk.page.evaluate(POINTS) == 0


def test_a_line_snaps_to_a_road_unless_snapping_is_off(desk: Desk) -> None:
    tool(desk, "split")
    desk.click(-30, SIDE + 4)
    desk.page.mouse.move(*desk.point(230, SIDE - 4))
    desk.page.wait_for_function("() => !document.getElementById('plan-hint').hidden")
    assert "沿道路吸附" in hint(desk)
    desk.page.keyboard.press("Enter")
    [snapped] = desk.done()
    assert all(abs(y - SIDE) < 0.5 for _, y in metres(snapped["line"]))
    desk.page.keyboard.press("g")
    desk.click(-30, SIDE + 6)
    desk.page.mouse.move(*desk.point(230, SIDE + 6))
    desk.page.keyboard.press("Enter")
    free = desk.done()[1]
    assert all(y > SIDE + 3 for _, y in metres(free["line"]))


def test_a_lasso_goes_to_the_chosen_grid(desk: Desk) -> None:
    desk.click(100, 220)
    tool(desk, "draw")
    desk.drag((190, 50), (280, 50), (280, 150), (190, 150))
    [op] = desk.done()
    assert (op["do"], op["to"]) == ("carve", "A")
    assert box(op["polygon"]) == pytest.approx((190, 50, 280, 150), abs=ABOUT_M)


def test_a_lasso_tells_what_its_grid_would_hold(desk: Desk) -> None:
    desk.click(300, 300)
    tool(desk, "draw")
    desk.page.mouse.move(*desk.point(420, 20))
    desk.page.mouse.down()
    for point in ((580, 20), (580, 180), (420, 180)):
        desk.page.mouse.move(*desk.point(*point), steps=6)
    desk.page.wait_for_function("() => !document.getElementById('plan-hint').hidden")
    assert "划入第2网格 400 → 150 户" in hint(desk)
    desk.page.mouse.up()
    [op] = desk.done()
    assert op["do"] == "carve"


def test_corners_do_what_a_lasso_does_by_clicks_and_by_keyboard(desk: Desk) -> None:
    desk.page.focus(CANVAS)
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("p")
    corners = [(180, 40), (270, 40), (270, 140), (180, 140)]
    desk.type(*(desk.at(*corner) for corner in corners))
    desk.page.keyboard.press("Enter")  # on the last corner again: that is all
    desk.done()
    for corner in corners:
        desk.click(*corner)
    desk.page.keyboard.press("Enter")
    by_key, by_click = desk.done()
    assert (by_key["do"], by_key["to"]) == (by_click["do"], by_click["to"]) == ("carve", "A")
    assert same(by_key["polygon"], corners)
    assert same(by_click["polygon"], corners)


def test_a_brush_gives_parcels_of_others(desk: Desk) -> None:
    desk.click(100, 220)
    tool(desk, "draw")
    desk.page.locator(".plan-options button", has_text="笔刷").click()
    desk.drag((170, 100), (240, 100), (240, 260))
    assert desk.done() == [{"do": "reassign", "atoms": [11, 14], "to": "A"}]


def test_a_brush_tells_its_figures_and_the_bar_follows_it(desk: Desk) -> None:
    desk.page.evaluate("window.yiping.planner.desk.select('B')")
    tool(desk, "draw")
    desk.page.click(".plan-options [data-key=brush]")
    pressed = desk.page.locator(".plan-options [aria-pressed=true]").first
    assert pressed.get_attribute("data-key") == "brush"
    assert "笔宽" in desk.page.locator(".plan-options [role=status]").inner_text()
    desk.page.mouse.move(*desk.point(450, 100))
    desk.page.mouse.down()
    desk.page.mouse.move(*desk.point(480, 100), steps=4)
    desk.page.wait_for_function("() => !document.getElementById('plan-hint').hidden")
    assert "划入第2网格 400 → 150 户" in hint(desk)
    assert desk.ops == []
    desk.page.mouse.up()
    [op] = desk.done()
    assert op["do"] == "reassign"


def test_a_brush_by_keyboard_gives_what_lies_under_the_cross(desk: Desk) -> None:
    desk.page.focus(CANVAS)
    desk.page.keyboard.press("Tab")
    for key in "pp[":
        desk.page.keyboard.press(key)
    desk.type(desk.at(300, 330))
    assert desk.done() == [{"do": "reassign", "atoms": [14], "to": "A"}]


def test_two_clicks_merge(desk: Desk) -> None:
    tool(desk, "merge")
    desk.click(300, 220)
    desk.page.mouse.move(*desk.point(500, 220))
    assert "→ 800 户" in hint(desk)
    desk.click(500, 220)
    assert desk.done() == [{"do": "merge", "survivor": "B", "other": "C"}]


def test_grids_are_merged_by_keyboard(desk: Desk) -> None:
    desk.page.focus(CANVAS)
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("m")
    desk.type(desk.at(300, 220))
    assert desk.done() == [{"do": "merge", "survivor": "A", "other": "B"}]


def test_tab_looks_for_the_other_grid_of_a_merge_and_keeps_the_first(desk: Desk) -> None:
    desk.page.focus(CANVAS)
    desk.page.keyboard.press("Tab")
    for key in ("m", "Tab", "Tab", "Shift+Tab"):
        desk.page.keyboard.press(key)
    assert desk.page.evaluate(CHOSEN) == "A"
    desk.page.keyboard.press("Enter")
    assert desk.done() == [{"do": "merge", "survivor": "A", "other": "B"}]


def test_a_digit_parts_the_selected_grid_evenly(desk: Desk) -> None:
    keyed(desk, "k")
    desk.page.keyboard.press("2")  # none is selected
    desk.page.keyboard.press("Tab")
    for key in "13":  # one part is none
        desk.page.keyboard.press(key)
    assert desk.done() == [{"do": "split_k", "grid": "A", "k": 3}]


def test_a_shared_corner_is_dragged_for_both_grids(desk: Desk) -> None:
    tool(desk, "node")
    desk.drag((200, 200), (200, 202), (150, 230))
    [op] = desk.done()
    assert (op["do"], op["to"]) == ("carve", "B")
    assert box(op["polygon"]) == pytest.approx((150, 0, 200, 400), abs=ABOUT_M)


def test_a_corner_is_clicked_and_its_metres_are_typed(desk: Desk) -> None:
    keyed(desk, "n")
    desk.type(desk.at(400, 200), "+30 +0")
    [op] = desk.done()
    assert (op["do"], op["to"]) == ("carve", "B")
    assert box(op["polygon"]) == pytest.approx((400, 0, 430, 400), abs=ABOUT_M)


def test_a_corner_on_the_border_of_the_whole_stays_on_it(desk: Desk) -> None:
    tool(desk, "node")
    desk.click(200, 0)
    desk.click(240, 30)
    [op] = desk.done()
    assert op["to"] == "A"
    assert box(op["polygon"]) == pytest.approx((200, 0, 240, 400), abs=ABOUT_M)


def test_buildings_are_clicked_and_then_their_grid(desk: Desk) -> None:
    tool(desk, "transfer")
    desk.click(250, 60)
    desk.click(250, 260)
    assert "已选 2 栋 400 户" in desk.page.locator(".plan-options").inner_text()
    desk.click(500, 350)
    assert desk.done() == [{"do": "transfer", "buildings": ["b1", "b4"], "to": "C"}]
    told = desk.page.locator("#plan-told")
    assert told.inner_text() == "2 栋 400 户已转入第3网格 撤销"
    told.locator("button").click()
    desk.done()
    assert desk.asked[-1][0] == "undo"


def test_buildings_are_moved_by_keyboard(desk: Desk) -> None:
    keyed(desk, "t")
    desk.type(desk.at(250, 60), desk.at(100, 350))
    assert desk.done() == [{"do": "transfer", "buildings": ["b1"], "to": "A"}]


@pytest.mark.parametrize("keyboard", [False, True])
def test_lengths_are_measured_on_the_ground(desk: Desk, *, keyboard: bool) -> None:
    if keyboard:
        keyed(desk, "d")
        desk.type(desk.at(30, 60), "+100 +0", "+0 -100")
    else:
        tool(desk, "measure")
        for corner in ((30, 60), (130, 60), (130, 160)):
            desk.click(*corner)
    told = hint(desk)
    length = float(told.split(" m")[0])
    assert length == pytest.approx(200, abs=2 * ABOUT_M)
    assert "围合" in told
    assert desk.ops == []


@pytest.mark.parametrize("keyboard", [False, True])
def test_steps_go_back_and_forth(desk: Desk, *, keyboard: bool) -> None:
    desk.click(300, 220)
    desk.page.evaluate("window.yiping.planner.desk.do({do: 'lock', grids: ['A']})")
    desk.done()
    for key, way in (("Control+z", "undo"), ("Control+Shift+z", "redo")):
        if keyboard:
            desk.page.keyboard.press(key)
        else:
            desk.page.locator(f"#plan-tools [data-do={way}]").click()
        desk.done()
    assert [(name, body["seen"]) for name, body in desk.asked] == [
        ("do", "h0"), ("undo", "h1"), ("redo", "h2"),
    ]  # fmt: skip


def test_strokes_go_one_after_the_other_each_on_the_state_of_the_last(desk: Desk) -> None:
    desk.page.evaluate("""() => {
      const {desk} = window.yiping.planner;
      for (const grid of ['A', 'B', 'C']) desk.do({do: 'lock', grids: [grid]});
    }""")
    desk.done()
    assert [body["seen"] for _, body in desk.asked] == ["h0", "h1", "h2"]


def test_what_would_be_cut_off_can_be_taken_along_where_it_was_refused(desk: Desk) -> None:
    desk.refusals.append(
        (422, {"why": "cut_off", "text": "会切断一块", "grids": ["B"], "atoms": [14]})
    )
    desk.click(100, 220)
    tool(desk, "draw")
    desk.drag((190, 50), (280, 50), (280, 150), (190, 150))
    desk.page.wait_for_selector("#plan-hint button")
    assert "会切断一块" in hint(desk)
    assert desk.page.evaluate(f"{SCREEN}.marked") == {"grids": ["B"], "atoms": [14]}
    desk.page.locator("#plan-hint button", has_text="一并划入").click()
    first, again = desk.done()
    assert again == first | {"with_cut_off": True}


def test_who_came_second_sees_the_other_state_and_may_do_it_again(desk: Desk) -> None:
    conflict: dict[str, Any] = {"why": "changed_meanwhile", "text": "已被他人修改", "grids": ["A"]}
    desk.refusals.append((409, conflict))
    desk.heads = 5  # others went on
    keyed(desk, "m")
    desk.type(desk.at(100, 220), desk.at(300, 220))
    desk.page.wait_for_selector("#plan-hint button")
    assert desk.page.evaluate("document.activeElement.matches('#plan-hint button')")
    desk.page.keyboard.press("Enter")
    assert len(desk.done()) == 2
    assert [body["seen"] for _, body in desk.asked] == ["h0", "h5"]


def test_a_stroke_that_nobody_answers_is_sent_again_on_what_was_seen(desk: Desk) -> None:
    desk.lost = 1
    desk.page.evaluate("window.yiping.planner.desk.do({do: 'lock', grids: ['A']})")
    assert desk.done() == [{"do": "lock", "grids": ["A"]}]
    assert desk.asked[0][1]["seen"] == "h0"


def test_the_bar_of_the_swipe_is_moved_by_arrows_by_clicks_and_by_dragging(desk: Desk) -> None:
    desk.page.keyboard.press("\\")
    bar = desk.page.locator(".plan-swipe")
    assert bar.get_attribute("aria-valuenow") == "50"
    bar.press("ArrowRight")
    assert bar.get_attribute("aria-valuenow") == "52"
    bar.locator("span").first.click()
    assert bar.get_attribute("aria-valuenow") == "42"
    frame = bar.bounding_box()
    assert frame
    x, y = frame["x"] + frame["width"] / 2, frame["y"] + 250
    desk.page.mouse.move(x, y)
    desk.page.mouse.down()
    desk.page.mouse.move(x - 200, y, steps=3)
    desk.page.mouse.up()
    assert int(bar.get_attribute("aria-valuenow") or 0) < 30
    desk.page.keyboard.press("\\")
    assert bar.is_hidden()


def test_a_drag_moves_the_map_and_a_wheel_brings_it_nearer(desk: Desk) -> None:
    before = desk.point(300, 220)
    desk.page.mouse.move(*before)
    desk.page.mouse.down()
    desk.page.mouse.move(before[0] + 60, before[1] + 30, steps=3)
    desk.page.mouse.up()
    assert desk.point(300, 220) == pytest.approx((before[0] + 60, before[1] + 30), abs=1)
    assert chosen(desk) == ""  # it was no click
    scale = desk.page.evaluate(f"{SCREEN}.view.scale")
    desk.page.mouse.wheel(0, -320)
    desk.page.wait_for_function(f"() => {SCREEN}.view.scale > {scale} * 1.5")


def test_cards_never_cover_each_other(desk: Desk) -> None:
    frames = desk.page.evaluate(FRAMES)
    assert len(frames) == 3
    for i, a in enumerate(frames):
        for b in frames[i + 1 :]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


@pytest.mark.parametrize("swapped", [False, True])
def test_metres_of_the_zone_are_understood_in_either_order(desk: Desk, *, swapped: bool) -> None:
    keyed(desk, "d")
    zone = "{middle: 105, easting: 500000}"
    lon, lat = earth(30, 60)
    east, north = desk.page.evaluate(
        f"window.yiping.planner.status.gauss({lon}, {lat}, {zone})",
    )
    pair = (east, north) if swapped else (north, east)  # north stands first in China
    desk.type(" ".join(f"{value:.3f}" for value in pair))
    [x, y] = desk.page.evaluate(
        "(() => { const {tools, map} = window.yiping.planner.desk;"
        " return map.plane.to(...tools.tool.points[0].at); })()"
    )
    assert metres([[x, y]])[0] == pytest.approx((30, 60), abs=0.05)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_stands_below_the_map_may_be_typed(desk: Desk, language: str) -> None:
    lon, lat = earth(30, 60)
    zone = "{middle: 105, easting: 500000}"
    east, north = desk.page.evaluate(
        f"window.yiping.planner.status.gauss({lon}, {lat}, {zone})",
    )
    x, y = (f"{value:,.1f}".replace(",", " ") for value in (north, east))
    told = {
        "zh": (f"X {x}  Y {y} m", f"经 {lon:.6f} 纬 {lat:.6f}"),
        "en": (f"N {x}  E {y} m", f"{lon:.6f} E  {lat:.6f} N", f"{lat:.6f} N {lon:.6f} E"),
    }
    for text in told[language]:
        keyed(desk, "d")
        desk.type(text)
        at = desk.page.evaluate(
            "(() => { const {tools, map} = window.yiping.planner.desk;"
            " return map.plane.to(...tools.tool.points[0].at); })()"
        )
        assert metres([at])[0] == pytest.approx((30, 60), abs=0.2), text
        desk.page.keyboard.press("Escape")


def test_what_makes_no_sense_is_not_clicked(desk: Desk) -> None:
    keyed(desk, "d")
    desk.type("here")
    field = desk.page.locator(".plan-entry input")
    assert field.get_attribute("aria-invalid") == "true"
    assert "无法识别" in desk.page.locator(".plan-entry small").inner_text()
    field.press("Escape")
    assert desk.page.evaluate(POINTS) == 0
    assert desk.page.evaluate("document.activeElement.matches('.plan-canvas')")


def test_a_check_shows_where_it_looks(desk: Desk) -> None:
    lon, lat = earth(500, 300)
    desk.page.evaluate(f"window.yiping.planner.desk.locate({{grid: 'C', lon: {lon}, lat: {lat}}})")
    assert chosen(desk) == "C"
    desk.page.wait_for_selector(".plan-flash", state="attached")
    desk.page.wait_for_selector(".plan-flash", state="detached")
    frame = desk.page.locator(CANVAS).bounding_box()
    assert frame
    middle = (frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
    assert desk.point(500, 300) == pytest.approx(middle, abs=2)


def test_another_place_and_the_way_back(desk: Desk) -> None:
    desk.page.evaluate("window.yiping.planner.desk.at('8')")
    desk.page.wait_for_function("() => location.search === '?at=8'")
    desk.page.go_back()
    desk.page.wait_for_function("() => window.yiping.planner.desk.place === '9'")
    desk.page.wait_for_function("() => window.yiping.planner.desk.state.plan.head === 'h0'")


def test_the_place_stands_in_the_address_from_the_beginning(desk: Desk) -> None:
    desk.page.wait_for_function("() => location.search === '?at=9'")


def test_the_letter_of_a_tool_goes_to_the_map(desk: Desk) -> None:
    desk.page.evaluate("document.activeElement.blur()")
    desk.page.keyboard.press("k")
    desk.page.keyboard.press("ArrowRight")
    assert desk.page.evaluate("window.yiping.planner.desk.tools.cross.shown")


def test_a_refusal_is_read_in_the_dialog_and_leads_to_the_place(desk: Desk) -> None:
    place = {"grid": "C", "name": "中社区第3网格", "at": "9", "lon": None, "lat": None}
    fault = {"key": "barriers", "text": "跨主干道、铁路或河道（中社区第3网格）", "where": [place]}
    text = "必查项未通过，不能提交；请先改正：跨主干道、铁路或河道（中社区第3网格）"
    desk.refusals = [(422, {"why": "red", "text": text, "faults": [fault]})] * 2
    for end in ("Escape", "locate"):
        desk.page.click("#plan-actions [data-open=submit]")
        desk.page.click("#plan-submit [type=submit]")
        desk.page.wait_for_selector("#plan-submit .said p")
        assert desk.page.locator("#plan-submit .said p").inner_text() == text
        assert desk.page.locator("#plan-told").inner_text() == ""
        assert desk.page.evaluate("document.activeElement.type") == "submit"
        if end == "Escape":
            desk.page.keyboard.press(end)
        else:
            desk.page.click("#plan-submit .plan-faults .plan-link")
        desk.page.wait_for_function("() => !document.getElementById('plan-submit').open")
    desk.page.wait_for_function(f"() => {CHOSEN} === 'C'")


def test_the_base_map_follows_what_is_published(desk: Desk) -> None:
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))
    desk.page.evaluate("window.yiping.planner.desk.based('s2')")
    desk.page.wait_for_function(
        "() => document.getElementById('plan-told').textContent.includes('底图')"
    )
    desk.page.wait_for_timeout(300)
    assert any("/tiles/s2/" in each for each in asked)


def overtake(desk: Desk, *carried: dict[str, str]) -> None:
    """Show the plan as a publication leaves it."""
    back = {"state": "withdrawn", "name": "已作废", "may": True, "word": "作废方案"}
    plan = {"overtaken": "网格已改", "next": None, "away": back, "carry_name": "方案B（续）",
            "carried": list(carried)}  # fmt: skip
    desk.page.evaluate(
        "(plan) => { const {desk} = window.yiping.planner;"
        " desk.show({...desk.state, plan: {...desk.state.plan, ...plan}}); }",
        plan,
    )


def test_an_overtaken_plan_says_so_and_goes_on_under_another_name(desk: Desk) -> None:
    assert desk.page.locator("#plan-overtaken").is_hidden()
    overtake(desk)
    assert desk.page.locator("#plan-overtaken[role=alert] p").inner_text() == "网格已改"
    assert desk.page.locator("#plan-history [data-key=overview]").count() == 0
    desk.refusals = [(422, {"why": "overtaken", "text": "两边都改了第1网格"})]
    desk.page.focus("#plan-overtaken button")
    desk.page.keyboard.press("Enter")
    desk.page.keyboard.press("Enter")  # the name stands there already
    desk.page.wait_for_selector("#plan-ask .said p")
    assert desk.page.locator("#plan-ask .said p").inner_text() == "两边都改了第1网格"
    assert desk.asked == [("carry", {})], "a name that nobody typed is given by the server"
    desk.refusals = [(422, {"why": "overtaken_partly", "text": "第1网格不能接续"})]
    desk.page.fill("#plan-ask [name=name]", "续稿")
    desk.page.click("#plan-ask [type=submit]")
    desk.page.click("#plan-ask [data-key=partly]")
    desk.page.wait_for_url("**/plan/p2?at=9")  # nobody leaves while another page is on its way
    assert desk.asked[-1] == ("carry", {"name": "续稿", "partly": True})


def test_an_overtaken_plan_offers_what_can_be_done_and_no_submission(desk: Desk) -> None:
    submit = desk.page.locator("#plan-actions [data-open=submit]")
    assert submit.inner_text() == "提交审核"
    overtake(desk)
    assert submit.inner_text() == "接续到现行网格…"
    described = submit.get_attribute("aria-describedby")
    assert desk.page.locator(f"#{described}").inner_text() == "网格已改"
    submit.focus()
    desk.page.keyboard.press("Enter")
    assert desk.page.locator("#plan-ask h2").inner_text() == "接续到现行网格"
    desk.page.keyboard.press("Escape")
    desk.page.click("#plan-overtaken [data-key=review]")
    dialog = desk.page.locator("#plan-submit")
    assert dialog.locator("h2").inner_text() == "作废方案"
    assert dialog.locator(".plan-ready").count() == 0
    assert "提交" not in dialog.inner_text()
    assert desk.asked == []


def test_a_plan_that_somebody_carried_over_goes_over_again_only_on_purpose(desk: Desk) -> None:
    overtake(desk)
    text = "已接续为“方案B（续）”"
    desk.refusals = [(409, {"why": "carried_already", "text": text})]  # by somebody else meanwhile
    desk.page.click("#plan-overtaken [data-key=carry]")
    desk.page.click("#plan-ask [type=submit]")
    assert desk.page.locator("#plan-ask .said p").inner_text() == text
    desk.page.click("#plan-ask [data-key=again]")
    desk.page.wait_for_url("**/plan/p2?at=9")
    assert [body for _, body in desk.asked] == [{}, {"again": True}]


def test_a_plan_that_was_carried_over_leads_to_what_continues_it(desk: Desk) -> None:
    overtake(desk, {"id": "p2", "name": "方案B（续）"})
    link = desk.page.locator("#plan-overtaken [data-carried] a")
    assert link.inner_text() == "方案B（续）"
    assert str(link.get_attribute("href")).startswith("/plan/p2")
    desk.page.click("#plan-overtaken [data-key=carry]")
    assert desk.page.locator("#plan-ask [data-carried]").count() == 1
    desk.page.click("#plan-ask [type=submit]")
    desk.page.wait_for_url("**/plan/p2?at=9")
    assert desk.asked == [("carry", {"again": True})]


@pytest.mark.parametrize(
    ("grids", "head", "said"),
    [([], "h0", "与当前方案一致，没有改动"), ([{"code": "B"}], "h1", "已导入“甲.geojson” 撤销")],
)
def test_a_file_that_is_taken_says_what_it_did(
    desk: Desk, grids: list[dict[str, str]], head: str, said: str
) -> None:
    tried = {
        "read": 3, "used": 3, "crs_name": "CGCS2000", "encoding_name": "UTF-8", "new": [],
        "gone": [], "cuts": 0, "sample": "", "overlaps": "", "strips": "", "misfits": [], "more": 0,
        "refused": None, "aside": "", "grids": grids,
    }  # fmt: skip
    answers = {"GET": {"systems": []}, "try": tried, "take": {"head": head, "ground": "g1"}}

    def answer(route: Route) -> None:
        url = route.request.url
        asked = "take" if "do=take" in url else "try" if "do=try" in url else "GET"
        route.fulfill(json=answers[asked])

    desk.page.route("**/api/plans/p1/import*", answer)
    desk.page.click("#plan-history [data-key=import]")
    file: FilePayload = {"name": "甲.geojson", "mimeType": "", "buffer": b"{}"}
    desk.page.set_input_files("#plan-ask [type=file]", file)
    desk.page.click("#plan-ask [type=submit]")
    desk.page.wait_for_selector("#plan-ask >> text=全部吻合")
    assert ("没有改动" in desk.page.locator("#plan-ask").inner_text()) == (grids == [])
    desk.page.click("#plan-ask [type=submit]")
    desk.page.wait_for_function("() => !document.getElementById('plan-ask').open")
    assert desk.page.locator("#plan-told").inner_text() == said


def test_a_file_above_the_limit_is_refused_before_it_is_sent(desk: Desk) -> None:
    most = {"systems": [], "most_bytes": 1 << 20}
    desk.page.route("**/api/plans/p1/import*", lambda route: route.fulfill(json=most))
    desk.page.click("#plan-history [data-key=import]")
    file: FilePayload = {"name": "大.gpkg", "mimeType": "", "buffer": bytes((1 << 20) + 1)}
    desk.page.set_input_files("#plan-ask [type=file]", file)
    desk.page.click("#plan-ask [type=submit]")
    told = desk.page.locator("#plan-ask .said p")
    assert told.inner_text().startswith("大.gpkg有 1.1 MB，超过 1 MB 的上限")


@pytest.mark.parametrize(
    ("status", "said"),
    [(0, "无法连接服务器，请稍后重试"), (413, "服务器未能处理（代码 413）")],
)
def test_no_answer_is_told_in_the_language_of_the_page(desk: Desk, status: int, said: str) -> None:
    desk.page.route(
        "**/api/plans/p1/impact?*",
        lambda route: route.fulfill(status=status, body="<p>no</p>") if status else route.abort(),
    )
    desk.page.click("[data-key=impact]")
    desk.page.wait_for_selector("#plan-told[data-tone=refused]")
    assert desk.page.locator("#plan-told").inner_text().startswith(said)


@pytest.mark.parametrize(
    ("name", "begin", "way"),
    [
        ("draw", (250, 60), [(350, 60), (350, 160)]),
        ("node", (200, 0), [(230, 10), (240, 20)]),
    ],
)
def test_escape_gives_up_what_is_being_dragged_and_keeps_the_tool(
    desk: Desk, name: str, begin: tuple[int, int], way: list[tuple[int, int]]
) -> None:
    desk.click(100, 100)
    tool(desk, name)
    mouse = desk.page.mouse
    mouse.move(*desk.point(*begin))
    mouse.down()
    for place in way:
        mouse.move(*desk.point(*place), steps=4)
    desk.page.keyboard.press("Escape")
    for east, south in ((300, 200), (240, 160), (260, 100), (240, 30)):
        mouse.move(*desk.point(east, south), steps=4)
    mouse.up()
    assert desk.done() == []
    pressed = desk.page.locator(f"#plan-tools [data-tool={name}]").get_attribute("aria-pressed")
    assert pressed == "true"


def test_the_swipe_names_the_grids_of_before_on_its_left(desk: Desk) -> None:
    names = """() => [...document.querySelectorAll('.plan-tag:not(.away):not(.behind)')]
      .map((tag) => [tag.querySelector('.name').textContent, tag.getBoundingClientRect().right])"""
    desk.page.select_option("[data-ghosts]", "swipe")
    desk.page.wait_for_timeout(400)
    bar = desk.page.locator(".plan-swipe").bounding_box()
    assert bar
    at = bar["x"] + bar["width"] / 2
    left = [name for name, right in desk.page.evaluate(names) if right < at]
    assert "第1网格" in left
    desk.page.select_option("[data-ghosts]", "off")
    desk.page.wait_for_timeout(400)
    shown = [name for name, _ in desk.page.evaluate(names)]
    assert sorted(shown) == sorted(NAMES.values()), "each once, where nothing is beside it"


@pytest.mark.parametrize(
    "points", [((40, 40), (300, 200)), ((560, 40), (300, 200)), ((560, 360), (300, 150)),
               ((40, 360), (300, 150))],
)  # fmt: skip
def test_the_readout_lies_beside_the_line_that_is_drawn(
    desk: Desk, points: tuple[tuple[float, float], tuple[float, float]]
) -> None:
    tool(desk, "measure")
    desk.click(*points[0])
    desk.page.mouse.move(*desk.point(*points[1]), steps=3)
    hint_box = desk.page.locator("#plan-hint").bounding_box()
    assert hint_box
    (ax, ay), (bx, by) = (desk.point(*each) for each in points)
    inside = [
        share / 50 for share in range(51)
        if hint_box["x"] < ax + (bx - ax) * share / 50 < hint_box["x"] + hint_box["width"]
        and hint_box["y"] < ay + (by - ay) * share / 50 < hint_box["y"] + hint_box["height"]
    ]  # fmt: skip
    assert inside == []


def test_a_click_on_a_shop_beside_the_target_says_that_it_was_added(desk: Desk) -> None:
    desk.page.evaluate(
        "window.yiping.planner.desk.map.grids.houses.find((house) => house.id === 'b1').households"
        " = 0"
    )
    tool(desk, "transfer")
    desk.click(50, 60)
    told = desk.page.locator("#plan-told")
    assert told.inner_text() == "已选中楼栋 b0，200 户"
    desk.click(250, 60)
    text = told.inner_text()
    assert "已选中楼栋 b1：无住户" in text
    assert "如要转入第2网格，请单击其中没有楼栋的位置" in text
    assert desk.ops == []
    desk.click(250, 60)
    assert told.inner_text() == "已取消选中楼栋 b1"


def test_cards_and_legend_make_way_for_what_is_drawn(desk: Desk) -> None:
    tool(desk, "split")
    legend = desk.page.locator(".plan-legend").bounding_box()
    assert legend
    middle = legend["x"] + legend["width"] / 2, legend["y"] + legend["height"] / 2
    under = "([x, y]) => document.elementFromPoint(x, y).closest('.plan-legend') === null"
    assert not desk.page.evaluate(under, middle)
    desk.click(100, -20)
    desk.page.wait_for_selector("#plan-map[data-drawing]")
    assert desk.page.evaluate(under, middle)
    desk.page.keyboard.press("Escape")
    desk.page.wait_for_selector("#plan-map:not([data-drawing])")
    assert not desk.page.evaluate(under, middle)


def test_what_was_handed_in_is_looked_at_only(desk: Desk) -> None:
    tool(desk, "split")
    desk.page.evaluate(
        "(() => { const {desk} = window.yiping.planner;"
        " desk.show({...desk.state, plan: {...desk.state.plan, editable: false}}); })()"
    )
    assert desk.page.evaluate("window.yiping.planner.desk.tools.name") == "select"
    for key in ("k", "p", "Control+z"):
        desk.page.keyboard.press(key)
    assert desk.page.evaluate("window.yiping.planner.desk.tools.name") == "select"
    assert desk.page.locator("#plan-tools [data-tool=split]").get_attribute("aria-disabled")
    assert desk.page.locator("#plan-history [data-key=merge]").count() == 0
    assert desk.asked == []
