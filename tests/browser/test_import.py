"""Files handed in by a browser: looked at, corrected, tried, published; bad ones say why."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pytest
import shapely

from geodata.store import arrivals
from geodata.store.snapshots import open_city
from tests.browser.conftest import PAYLOAD, opened, served
from tests.browser.test_safety import AXE, RUN_AXE
from tests.browser.tiny import publish_tiny

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Response, Route

NAMES: Final = ("东风街道", "西山街道", "澜汀街道")
READY: Final = "[data-desk]:not([data-busy]) .import-files li"
PATIENCE_MS: Final = 120_000
LANGUAGE_BYTE: Final = 29  # of a DBF: which code page it is in; 0 = it does not say


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    publish_tiny(folder)
    return folder


@pytest.fixture(scope="module")
def desk(data_dir: Path) -> Iterator[str]:
    with served(data_dir) as address:
        yield address


@pytest.fixture
def shapefile(tmp_path: Path) -> list[Path]:
    """Three streets as a GBK shapefile that says nowhere that it is one."""
    shapes = [shapely.box(116 + n / 50, 30, 116.02 + n / 50, 30.02) for n in range(3)]
    table = {"CODE": ["110101", "110102", "110103"], "名称": NAMES}
    streets = gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4490")
    streets.to_file(tmp_path / "街道.shp", encoding="GBK", engine="pyogrio")
    (tmp_path / "街道.cpg").unlink()
    table_file = tmp_path / "街道.dbf"
    content = bytearray(table_file.read_bytes())
    content[LANGUAGE_BYTE] = 0
    table_file.write_bytes(content)
    return sorted(tmp_path.iterdir())


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """A few cases of two departments, with coordinates in China."""
    path = tmp_path / "案件.csv"
    rows = [f"{n},2026-03-0{n} 08:00,{'水务局' if n % 2 else '城管局'}" for n in range(1, 9)]
    body = "\n".join(f"{row},116.0{n}1,30.0{n}1" for n, row in enumerate(rows))
    path.write_text(f"任务号,上报时间,处置部门,经度,纬度\n{body}\n", encoding="utf-8")
    return path


def hand_in(page: Page, address: str, files: list[Path]) -> None:
    page.goto(f"{address}/import")
    page.wait_for_selector("[data-drop]")
    with page.expect_file_chooser() as chooser:
        page.click("[data-drop]")
    chooser.value.set_files(files)
    page.wait_for_selector(READY, timeout=PATIENCE_MS)


def name_city(page: Page, name: str = "东城区") -> None:
    """Say what the city is called; its English name follows."""
    page.click("[data-choose=name_zh]")
    page.keyboard.press("Control+A")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-act=trial]:enabled", timeout=PATIENCE_MS)


def test_a_gbk_shapefile_without_cpg_goes_in_with_right_names(
    browser: Browser, desk: str, data_dir: Path, shapefile: list[Path]
) -> None:
    with opened(browser) as (page, watch):
        hand_in(page, desk, shapefile)
        page.click(".import-files li a")
        check = page.wait_for_selector(".import-check")
        assert check
        seen = check.inner_text()
        assert all(name in seen for name in NAMES)
        assert page.locator("select[data-choose=encoding]").input_value() == "gb18030"
        assert page.locator("[data-act=trial]:disabled").count() == 1, "nobody has named the city"
        name_city(page)
        page.click("[data-act=trial]")
        page.wait_for_selector("[data-act=confirm]:enabled", timeout=PATIENCE_MS)
        page.wait_for_selector(".import-outcome")
        assert "f=" not in page.url, "what came of the trial is shown, not the file"
        before = open_city(data_dir).id
        asked: list[str] = []
        page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
        page.click("[data-act=confirm]")
        page.wait_for_selector(".import-done", timeout=PATIENCE_MS)
        city = open_city(data_dir)
        assert city.id != before
        assert set(NAMES) <= set(city.places["name_zh"])
        assert (city.profile.name_zh, city.profile.name_en) == ("东城区", "Dongcheng District")
        assert "→ 东城区 0 件" in asked[0].replace("\u2009", " ")
        assert "snapshots use" in asked[0]
        page.goto(f"{desk}/import")
        page.wait_for_selector(".import-past a[href*='report.html']")
        assert watch.problems == []


def test_a_wrong_encoding_can_be_chosen_and_its_sample_is_seen(
    browser: Browser, desk: str, shapefile: list[Path]
) -> None:
    with opened(browser) as (page, _):
        hand_in(page, desk, shapefile)
        page.click(".import-files li a")
        page.select_option("select[data-choose=encoding]", "big5")
        page.wait_for_function("() => !document.body.innerText.includes('东风街道')")
        page.wait_for_selector(READY, timeout=PATIENCE_MS)
        page.select_option("select[data-choose=encoding]", "gb18030")
        page.wait_for_function("() => document.body.innerText.includes('东风街道')")


def test_a_bad_file_says_why_and_can_be_taken_out(
    browser: Browser, desk: str, shapefile: list[Path], tmp_path: Path
) -> None:
    bad = tmp_path / "bad.zip"
    with zipfile.ZipFile(bad, "w") as archive:
        archive.writestr("../../etc/evil.shp", "x")
    with opened(browser) as (page, watch):
        hand_in(page, desk, [*shapefile, bad])
        page.get_by_text("bad.zip").first.click()
        fault = page.wait_for_selector(".import-check .import-fault")
        assert fault
        assert "指向包外的路径" in fault.inner_text()
        page.click("[data-act=remove][data-file='bad.zip']")
        page.locator(".import-files li", has_text="bad.zip").wait_for(state="detached")
        assert watch.problems == []


def test_a_shapefile_is_one_file_and_is_taken_out_as_one(
    browser: Browser, desk: str, data_dir: Path, shapefile: list[Path], cases: Path
) -> None:
    with opened(browser) as (page, _):
        hand_in(page, desk, [*shapefile, cases])
        assert page.locator(".import-files li").count() == 2
        page.click("[data-act=remove][data-file='街道.shp']")
        page.locator(".import-files li", has_text="街道").first.wait_for(state="detached")
        home = arrivals.folder(data_dir, page.url.partition("a=")[2][:16])
        assert list(arrivals.files(home)) == [cases.name]


def test_names_can_be_written_over_one_after_another(
    browser: Browser, desk: str, data_dir: Path, cases: Path
) -> None:
    with opened(browser) as (page, _):
        hand_in(page, desk, [cases])
        page.locator("summary", has_text="部门").click()
        for found, name in (("水务局", "Water Bureau"), ("城管局", "Urban Management")):
            page.click(f"[data-choose='departments:name_en:{found}']")
            page.keyboard.press("Control+A")
            page.keyboard.type(name)
            page.keyboard.press("Tab")
        page.evaluate("document.activeElement.blur()")
        page.locator("summary", has_text="处待核对").nth(0).wait_for()
        page.wait_for_selector("summary:text('部门'):not(:has(small))", timeout=PATIENCE_MS)
        home = arrivals.folder(data_dir, page.url.partition("a=")[2][:16])
        chosen = arrivals.noted(home, "choices")[""]
        assert set(chosen.values()) == {"Water Bureau", "Urban Management"}
        assert page.locator("details[data-fold=departments]").get_attribute("open") is not None


def test_a_line_left_while_the_page_is_drawn_is_not_taken_up_again(
    browser: Browser, desk: str, cases: Path
) -> None:
    with opened(browser) as (page, _):
        hand_in(page, desk, [cases])
        page.locator("summary", has_text="部门").click()
        page.eval_on_selector(
            "[data-choose='departments:name_en:城管局']",
            """async each => {
              each.focus();
              setTimeout(() => each.blur());
              // As after a long task: the drawing comes before any timer that the leaving set.
              setTimeout(() => each.replaceWith(each.cloneNode(true)));
              await new Promise(done => setTimeout(done, 100));
            }""",
        )
        assert page.evaluate("document.activeElement === document.body")


def test_a_new_drawing_takes_nothing_from_under_the_hands(
    browser: Browser, desk: str, data_dir: Path, cases: Path
) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    field = "[data-choose='departments:name_en:城管局']"
    with opened(browser) as (page, _):
        hand_in(page, desk, [cases])
        page.locator("summary", has_text="部门").click()
        page.route("**/_dash-update-component*", hold)
        page.evaluate("dash_clientside.set_props('import-changed', { data: 'anew' })")
        page.click(field)
        page.keyboard.press("Control+A")
        page.keyboard.type("Urban ")
        page.eval_on_selector(field, "each => { each.old = true; }")
        while not held:
            page.wait_for_timeout(50)
        for route in held:
            route.continue_()
        page.unroute("**/_dash-update-component*")
        page.wait_for_function("selector => !document.querySelector(selector)?.old", arg=field)
        page.keyboard.type("Management")
        with page.expect_response(kept, timeout=PATIENCE_MS):
            page.keyboard.press("Tab")
        home = arrivals.folder(data_dir, page.url.partition("a=")[2][:16])
        assert list(arrivals.noted(home, "choices")[""].values()) == ["Urban Management"]


def test_a_new_drawing_between_two_keys_loses_none(
    browser: Browser, desk: str, cases: Path
) -> None:
    field = "[data-choose='departments:name_en:城管局']"
    with opened(browser) as (page, _):
        hand_in(page, desk, [cases])
        page.locator("summary", has_text="部门").click()
        page.eval_on_selector(
            field,
            """each => {
              each.focus();
              getSelection().selectAllChildren(each);
              document.execCommand("insertText", false, "U");
              const drawn = each.cloneNode(true);
              drawn.textContent = "";
              each.replaceWith(drawn);
            }""",
        )
        page.keyboard.type("rban")
        assert page.inner_text(field) == "Urban"


def test_a_field_says_which_other_one_took_its_column(
    browser: Browser, desk: str, cases: Path
) -> None:
    with opened(browser) as (page, _):
        hand_in(page, desk, [cases])
        page.click(".import-files li a")
        page.locator(".import-mapping summary").click()
        page.select_option("select[data-choose='column:source']", "处置部门")
        lost = page.wait_for_selector(".import-lost", timeout=PATIENCE_MS)
        assert lost
        assert "来源渠道" in lost.inner_text()
        assert "GCJ-02" in page.locator("select[data-choose=crs]").inner_text()


def test_what_was_begun_is_listed_and_can_be_taken_up(
    browser: Browser, desk: str, cases: Path
) -> None:
    with opened(browser) as (page, _):
        hand_in(page, desk, [cases])
        begun = page.url
        page.goto(f"{desk}/import")
        page.locator(".import-unfinished a", has_text=cases.name).first.click()
        page.wait_for_selector(READY, timeout=PATIENCE_MS)
        assert page.url == begun


def test_a_wide_file_scrolls_in_its_own_box(browser: Browser, desk: str, tmp_path: Path) -> None:
    wide = tmp_path / "wide.csv"
    names = [f"a rather long name of a column {n}" for n in range(40)]
    row = ",".join("a value that takes room" for _ in names)
    wide.write_text("\n".join([",".join(names), row, row]), encoding="utf-8")
    with opened(browser) as (page, _):
        hand_in(page, desk, [wide])
        page.click(".import-files li a")
        page.wait_for_selector(".import-check")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_no_text_of_a_file_ever_runs(browser: Browser, desk: str, tmp_path: Path) -> None:
    hostile = tmp_path / "hostile.csv"
    cell = PAYLOAD.replace('"', '""')
    hostile.write_text(f'code,"name{cell}"\n1,"{cell}"\n2,"{cell}"\n', encoding="utf-8")
    with opened(browser, bypass_csp=True) as (page, _):
        hand_in(page, desk, [hostile])
        page.click(".import-files li a")
        page.wait_for_selector(".import-check")
        page.mouse.move(800, 500)
        assert page.evaluate("window.__xss") is None
        assert page.locator("img[src='x'], svg[onload]").count() == 0


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_everybody_can_use_the_import(
    browser: Browser, desk: str, shapefile: list[Path], language: str, theme: str
) -> None:
    with opened(browser) as (page, watch):
        look = f"lang={language}&theme={theme}"
        page.goto(f"{desk}/import?{look}")
        page.wait_for_selector("[data-drop]")
        page.evaluate(AXE.read_text("utf-8"))
        assert page.evaluate(RUN_AXE) == []
        with page.expect_file_chooser() as chooser:
            page.click("[data-drop]")
        chooser.value.set_files(shapefile)
        page.wait_for_selector(READY, timeout=PATIENCE_MS)
        assert page.evaluate(RUN_AXE) == []
        page.click(".import-files li a")
        page.wait_for_selector(".import-check")
        assert page.evaluate(RUN_AXE) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert watch.problems == []


def test_a_publication_that_fails_says_its_reference_and_what_to_do(
    browser: Browser, desk: str, cases: Path
) -> None:
    with opened(browser) as (page, _):
        hand_in(page, desk, [cases])
        told = '{"error": "服务器出错", "detail": "", "reference": "0badcafe"}'
        failed = {"status": 500, "body": told, "content_type": "application/json"}
        page.route("**/import/act?*", lambda route: route.fulfill(**failed))
        # In one step: a drawing that comes between would take the button away again.
        page.eval_on_selector(
            "[data-act=trial]", "each => { each.disabled = false; each.click(); }"
        )
        page.wait_for_selector("[data-desk-said]:not([hidden])")
        said = page.inner_text("[data-desk-said]").replace("\u2009", " ")
        assert "编号 0badcafe；请刷新页面查看结果" in said


def kept(answer: Response) -> bool:
    return "/import/choose" in answer.url and "kept" in answer.text()


def test_waiting_for_a_turn_is_no_error(browser: Browser, desk: str, cases: Path) -> None:
    with opened(browser) as (page, watch):
        hand_in(page, desk, [cases])
        busy = {"status": 200, "body": '{"busy": true}', "content_type": "application/json"}
        page.route("**/import/choose?*", lambda route: route.fulfill(**busy), times=2)
        with page.expect_response(kept, timeout=PATIENCE_MS):
            page.select_option("select[data-choose=as_of]", "now")
        assert watch.problems == []
