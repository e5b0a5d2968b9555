"""What grids have to carry, and how many hands they have for it.

Made by `geodata.metrics.grids` from registers, rosters and the engine's counts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from geodata.metrics.metric import Form, Metric

_LOAD: Final = Metric(
    key="load_index",
    source="registers",
    name_zh="负荷指数",
    name_en="Load index",
    short_zh="负荷",
    short_en="Load",
    unit_zh="均值为 100",
    unit_en="mean = 100",
    direction="none",
    form=Form.COUNT,
    numerator=("load_index",),
    denominator=(),
    counted=("reported",),
    definition_zh="单元的人口、户数、楼栋数和按事项加权的案件数，各除以全市同级单元的均值，"
    "再按城市设定的权重加权平均；100 为全市同级均值。",
    definition_en="People, households, buildings and cases weighted by matter, each against the "
    "mean of all units of the level in the city, averaged by the city's shares; 100 = the mean.",
    exclusions_zh="作废与重复上报的案件不计入；没有登记数据的部分不计入，权重由其余部分分担。",
    exclusions_en="Void and duplicate reports are left out; a part without data is left out and "
    "the others count for it.",
    minimum=0,
)
WORKLOAD: Final = (
    _LOAD,
    replace(
        _LOAD,
        key="staff_load",
        name_zh="人均负荷",
        name_en="Load per person on the roster",
        short_zh="人均负荷",
        short_en="Per person",
        direction="down",
        numerator=("staff_load",),
        definition_zh="负荷指数除以单元及其下级名册上的人数，与全市同级的人均负荷相比；"
        "100 为全市同级均值。",
        definition_en="The load index over the people on the rosters of the unit and of what it is "
        "made of, against the same of all units of the level; 100 = the mean.",
        exclusions_zh="名册上无人的单元不计算，另行列出。",
        exclusions_en="Units with nobody on a roster have no value and are listed as such.",
    ),
)
