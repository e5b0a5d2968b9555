from __future__ import annotations

import json
import platform
import re
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest
import shapely
from typer.testing import CliRunner

from geodata.__main__ import app
from geodata.brief import content, facts, sheet_map
from geodata.brief.asked import Asked, ask
from geodata.brief.making import LAYOUT, make
from geodata.brief.words import word
from geodata.engine import Engine
from geodata.formats import landlock
from geodata.metrics.schemes import version_of
from geodata.model.errors import RequestError, UnknownPlaceError
from geodata.model.profile import Profile
from geodata.model.schemas import ALERTS, CODE_LISTS
from geodata.paper import typeset
from geodata.paper.errors import PaperError
from geodata.paper.lines import cut
from geodata.paper.typeset import Sheet
from geodata.publish import publish
from geodata.store.snapshots import open_city
from geodata.store.tables import empty
from geodata.tiles.pyramid import Outlines
from tests.browser.tiny import publish_tiny, tiny

if TYPE_CHECKING:
    from geodata.brief.words import Lang

WORDS: Final = Path(content.__file__).with_name("words.toml")
LANGUAGES: Final = ("zh", "en")
BASE: Final = "http://city.test"
GONE: Final = {"departments", "categories", "sources", "targets", "as_of"}
MOST_BYTES: Final = 500_000
HAN: Final = re.compile("[\u4e00-\u9fff]")
# What typst, SVG or PDF would take for more than text, were it ever pasted into them.
HOSTILE: Final = (
    '#panic("x")',
    '#import "@preview/a:1.0.0": *',
    '"); #read("/etc/passwd")',
    "$ x^2 $ *b* _i_ `c` <l> @r",
    "= h\n- i\n/* c */ // d",
    "https://evil.test/ [x](y)",
    "</svg><script>1</script>&amp;",
    "\u202egnp\\u{41}\\",
    "#" * 3_000,
)


def asked(folder: Path, **said: Any) -> Asked:  # noqa: ANN401 (what is asked)
    city = open_city(folder)
    return ask(city, Engine(city), base=BASE, **said)


def told(folder: Path, **said: Any) -> dict[str, Any]:  # noqa: ANN401 (what is asked)
    return content.content(facts.read(asked(folder, **said)))


def addresses(pdf: bytes) -> list[str]:
    return [found.decode() for found in re.findall(rb"/URI\(([^)]*)\)", pdf)]


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("brief")
    publish_tiny(made)
    return made


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every name and title of the data is one of the corpus, in turn."""
    made, turn = tmp_path_factory.mktemp("hostile"), iter(range(100_000))
    publish_tiny(made, lambda text: HOSTILE[next(turn) % len(HOSTILE)] + text)
    return made


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Units and nothing else: no department, no case, no alert."""
    made = tmp_path_factory.mktemp("bare")
    draft = tiny()
    kept = draft.profile.model_dump(exclude=GONE)
    publish(
        replace(
            draft,
            profile=Profile(**kept),
            code_lists={name: empty(schema) for name, schema in CODE_LISTS.items()},
            incidents=lambda _: iter(()),
            alerts=lambda _: empty(ALERTS),
        ),
        made,
    )
    return made


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_same_data_and_moment_make_the_same_bytes(folder: Path, lang: Lang) -> None:
    first = make(asked(folder, lang=lang))
    assert first == make(asked(folder, lang=lang))
    assert pages(first) == 1
    assert len(first) <= MOST_BYTES
    assert b"/Lang(" + lang.encode() in first.replace(b" ", b"")


def test_another_moment_makes_another_page(folder: Path) -> None:
    at = open_city(folder).now()
    now, before = (told(folder, now=moment) for moment in (at, at - 86_400))
    assert now["moment"] != before["moment"]
    assert now["made"] != before["made"]


def test_dates_of_the_file_are_those_of_the_data(folder: Path) -> None:
    made = make(asked(folder))
    dates = re.findall(rb"(?:Creation|Mod)Date\(D:(\d{8})", made.replace(b" ", b""))
    assert dates
    assert set(dates) == {b"20261121"}


def test_every_part_stands_on_the_page(folder: Path) -> None:
    said = told(folder, lang="zh", period="7d")
    assert len(said["figures"]) == 6
    assert all(each["against"] and each["version"] for each in said["figures"])
    assert len(said["exceptions"]) == len(said["questions"]) == 3
    assert len(said["departments"]["rows"]) == 3
    assert said["alerts"]["rows"][0]["level"] == 1
    assert said["map"]["labels"]
    assert open_city(folder).id in said["made"]
    assert version_of(open_city(folder).profile.schemes) in said["counted"]  # as on /definitions


def test_numbers_are_those_of_the_engine(folder: Path) -> None:
    found = facts.read(asked(folder, period="7d"))
    said = content.content(found)
    shown = {each["key"]: each["figure"] for each in said["figures"]}
    total = found.numbers.total
    assert shown["reported"] == f"{int(total['reported']):,}"
    assert shown["on_time_rate"] == f"{100 * total['closed_on_time'] / total['due']:.1f}"
    slowest = found.numbers.departments["arrival_median_min"].idxmax()
    name = found.asked.city.departments["name_zh"].iloc[int(slowest)]
    assert said["departments"]["rows"][0]["name"] == name
    assert name in said["exceptions"][0]["title"]


def test_late_departments_are_those_over_target(folder: Path) -> None:
    """Cases of the small city arrive after two hours, where half of one is allowed."""
    found = facts.read(asked(folder, lang="zh", period="7d"))
    said = content.content(found)
    rows = said["departments"]["rows"]
    assert all(row["over"] and row["line"] >= row["bar"] > 0 for row in rows)
    assert said["departments"]["target"]["at"] < rows[0]["bar"]
    assert said["exceptions"][0]["level"] == 2
    median = round(found.numbers.departments["arrival_median_min"].max())
    assert rows[0]["median"] == f"{median}分（超{median - 30}分）"
    english = told(folder, lang="en", period="7d")["departments"]["rows"]
    assert english[0]["median"] == f"{median}\u00a0min"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_few_cases_are_neither_written_nor_drawn(folder: Path, lang: Lang) -> None:
    said = told(folder, lang=lang, period="2026-11-21T12:30..2026-11-21T14:00")
    assert 0 < int(said["figures"][0]["figure"]) < 20
    rows = said["departments"]["rows"]
    assert all(row["few"] and not row["median"] and not row["bar"] for row in rows)
    assert "url(#h)" in said["map"]["svg"]
    shares = [each for each in said["figures"] if each["unit"] == "%"]
    assert shares == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_city_without_cases_departments_and_alerts(bare: Path, lang: Lang) -> None:
    said = told(bare, lang=lang)
    assert said["figures"] == said["exceptions"] == said["questions"] == []
    assert said["alerts"]["rows"] == []
    assert "0" not in said["sentence"]
    made = make(asked(bare, lang=lang))
    assert pages(made) == 1
    assert addresses(made) == [f"{BASE}/?lang={lang}"]


def test_a_period_without_cases(folder: Path) -> None:
    said = told(folder, period="2020-01-01..2020-01-02")
    assert said["figures"] == said["questions"] == []
    assert pages(make(asked(folder, period="2020-01-01..2020-01-02"))) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_names_are_text_whatever_stands_in_them(hostile: Path, lang: Lang) -> None:
    said = told(hostile, lang=lang, period="7d")
    made = typeset.pdf(Sheet(LAYOUT, said, 1_795_242_600))
    assert pages(made) == 1
    assert addresses(made)
    assert all(each.startswith(f"{BASE}/?") for each in addresses(made))
    whole = json.dumps(said, ensure_ascii=False)
    seen = [text for text in HOSTILE if cut(text)[:6] in whole]
    assert len(seen) > len(HOSTILE) / 2
    assert "\u202e" not in whole
    assert "<script" not in said["map"]["svg"]


def test_a_name_is_one_line_of_bounded_length() -> None:
    assert cut("a\n\tb\x00c\u202ed") == "a b c d"
    assert len(cut("街" * 500)) == 40


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"at": "nowhere"}, UnknownPlaceError),
        ({"at": "B991110"}, RequestError),
        ({"period": "soon"}, RequestError),
    ],
)
def test_what_cannot_be_asked(folder: Path, said: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        asked(folder, **said)


def test_a_lowest_unit_has_a_page_of_its_own(folder: Path) -> None:
    said = told(folder, at="99111", period="30d", lang="zh")
    assert "网格1" in said["title"]
    assert all("at=99111" in each["href"] for each in said["questions"])


def test_addresses_are_relative_where_nobody_gives_a_base(folder: Path) -> None:
    city = open_city(folder)
    said = content.content(facts.read(ask(city, Engine(city), period="7d", lang="en")))
    assert all(each["href"].startswith("/?") for each in said["questions"])


def test_the_command_writes_the_page_of_a_moment(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "brief.pdf"
    said = ["--data-dir", str(folder), "--out", str(out), "--at", "991", "--lang", "en"]
    done = CliRunner().invoke(app, ["brief", *said, "--until", "2026-11-20T08:00"])
    assert done.exit_code == 0
    made = out.read_bytes()
    assert b"CreationDate(D:20261120" in made.replace(b" ", b"")
    assert all(each.startswith("/?at=991") for each in addresses(made))


def test_outlines_of_many_corners_keep_the_file_small(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wavy borders of more than fifty thousand corners, common to both sides."""
    found = facts.read(asked(folder, period="7d"))
    units = found.asked.city.tree.cells(0, found.level)
    x = np.arange(len(units), dtype=float)
    plain = shapely.segmentize(shapely.box(x, 0, x + 1, 2), 8e-4)

    def wavy(points: np.ndarray) -> np.ndarray:
        x, y = points.T  # still at every corner
        east = 1e4 * x + 300 * np.sin(9_000 * y) * np.sin(np.pi * y / 2) ** 2
        north = 1e4 * y + 300 * np.sin(9_000 * x) * np.sin(np.pi * x) ** 2
        return np.column_stack([east, north])

    cells = shapely.transform(plain, wavy)
    monkeypatch.setattr(sheet_map, "outlines", lambda *_: Outlines(units, cells, cells[:0]))
    said = content.content(found)
    assert shapely.get_num_coordinates(cells).sum() > 50_000
    assert len(typeset.pdf(Sheet(LAYOUT, said, found.asked.now))) <= MOST_BYTES
    assert said["map"]["svg"].count("<path") > 2


def test_a_page_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typeset, "LONGEST_S", 0.001)
    with pytest.raises(PaperError, match="not set within"):
        typeset.pdf(Sheet(LAYOUT, {}, 0))


def test_the_process_that_sets_the_page_reaches_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x", encoding="utf-8")
    code = (
        "import socket, sys; from geodata.paper.child import shut; shut([])\n"
        "for reach in (lambda: open(sys.argv[1]), socket.socket):\n"
        "    try: reach(); print('reached')\n"
        "    except PermissionError: print('refused')\n"
    )
    said = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-c", code, str(secret)], capture_output=True, text=True, check=True,
        cwd=typeset.ROOT,
    )  # fmt: skip
    walls = (bool(landlock.version()), platform.machine() in {"x86_64", "aarch64"})
    assert said.stdout.split() == ["refused" if wall else "reached" for wall in walls]


def test_english_has_no_chinese_and_both_fill_the_same_gaps() -> None:
    for key, texts in tomllib.loads(WORDS.read_text(encoding="utf-8")).items():
        gaps = [set(re.findall(r"{(\w+)}", texts[lang])) - {"plural"} for lang in LANGUAGES]
        assert not HAN.search(texts["en"]), key
        # English names fewer things twice; it never names what Chinese does not have.
        assert gaps[1] <= gaps[0] | {"month"}, key
    assert word("volume", "en", n=1, period="today") == "1 case today"
