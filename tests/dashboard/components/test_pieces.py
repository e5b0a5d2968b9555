"""Bars, cards, tables: sizes are numbers, colours are classes, unknown is a dash."""

from __future__ import annotations

import math

import pandas as pd

from dashboard.components.bars import Bar, bar_rows, target_axis
from dashboard.components.cards import Card, strip
from dashboard.components.marks import level_mark, link, spark, width
from dashboard.components.menus import Choice, chip, menu
from dashboard.components.tables import Order, table


def test_widths_stay_inside_the_track() -> None:
    assert width(1.7, at=-1) == {"--w": "100.00%", "--at": "0.00%"}


def test_a_whisker_only_beyond_the_bar() -> None:
    rows = bar_rows([Bar("a", 0.5, "1", to=0.4), Bar("b", 0.5, "1", to=0.9)], "bullets").children
    assert rows[0].children[1].children[1] is None
    assert rows[1].children[1].children[1].style == {"--w": "40.00%", "--from": "50.00%"}


def test_the_target_line_and_its_word_stand_together() -> None:
    line, word = target_axis(0.4, "目标")
    assert line.children.style == word.children.style


def test_a_level_has_shape_and_word() -> None:
    mark = level_mark(2, "橙色")
    assert mark.className == "level level-2"
    assert mark.children.children == "橙色"


def test_links_take_attributes() -> None:
    made = link("x", "?a=1", "chip", title="t", aria_label="name")
    assert getattr(made, "aria-label") == "name"
    assert made.className == "go chip"


def test_a_gap_in_a_sparkline_stays_a_gap() -> None:
    assert getattr(spark([1.0, math.nan, None, 2.5], "x"), "data-spark") == "1,,,2.5"


def test_a_card_with_one_known_day_has_no_line() -> None:
    cell = strip([Card("k", "n", "1", "", "", "how", trend=[1.0, math.nan])], "six").children[0]
    assert cell.children[3] is None
    assert cell.title == "how"


def test_a_long_figure_leaves_little_room_for_its_line() -> None:
    figures = ("9,783", "192,133", "1,192,133", "96.9")
    cards = [Card(figure, "n", figure, "", "", "how") for figure in figures]
    names = [cell.className.split() for cell in strip(cards, "all").children]
    assert [[name for name in each if "long" in name] for each in names] == [
        [], ["long"], ["longest"], [],
    ]  # fmt: skip


def test_a_long_chinese_name_widens_the_column_of_names() -> None:
    assert "long" not in bar_rows([Bar("供水与污水局", 0.5, "1")], "bullets").className
    assert "long" in bar_rows([Bar("某某市燃气电力公司", 0.5, "1")], "bullets").className
    assert "long" not in bar_rows([Bar("Gas and electricity", 0.5, "1")], "bullets").className


def test_menus_are_links() -> None:
    made = menu("period", "face", [Choice("a", "?t=7d", chosen=True)])
    entry = made.children[1].children[0]
    assert (entry.href, getattr(entry, "aria-current")) == ("?t=7d", "true")
    assert chip("x", "", "off", given=False).children[1] is None


def test_tables_have_links_for_heads_and_keep_one_form() -> None:
    orders = [Order("?sort=name"), Order("?sort=rate", "descending"), Order("?sort=-n")]
    frame = pd.DataFrame({"名称": ["a", "b"], "率": [16.0, math.nan], "中": [11.6, 16.0]})
    made = table(frame, "c", orders)
    heads = made.children.children[1].children.children
    assert [head.children.href for head in heads] == [order.href for order in orders]
    assert [getattr(head, "aria-sort") for head in heads] == ["none", "descending", "none"]
    body = made.children.children[2].children
    cells = [[cell.children for cell in row.children] for row in body]
    assert cells == [["a", "16", "11.6"], ["b", "—", "16.0"]]
