from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("bare")


def test_label_points_written_the_wrong_way_round_are_recognised(
    files: Any,  # noqa: ANN401
    feature: Callable[..., dict[str, object]],
) -> None:
    files.areas(
        [
            feature("反", 20, label=[0.5, 20.5]),
            feature("文", 40, label="0.5,40.5"),
            feature("正", 60, label=[60.5, 0.5]),
            feature("远", 80, label=[5, 7]),
            feature("无", 100, label=None),
            feature("字", 120, label="不详"),
        ]
    )
    files.cases([])
    text = (
        files.profile()
        .read_text(encoding="utf-8")
        .replace('code = "id"', 'code = "id", label = "label"')
    )
    city = files.publish(text)
    told = city.findings[city.findings["reason"].str.startswith("label_")]
    rows = told.groupby("reason")["rows"].sum().to_dict()
    assert rows == {"label_reversed": 2, "label_astray": 1}
    assert told.set_index("reason").loc["label_astray", "key"] == "远"
    actions = dict(zip(told["reason"], told["action"], strict=True))
    assert actions == {"label_reversed": "repaired", "label_astray": "kept"}
    inside = city.places.iloc[1:]
    assert ((inside["label_lat"] > 0) & (inside["label_lat"] < 1)).all()
