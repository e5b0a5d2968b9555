"""Invented names in Chinese and English; none is the name of a real street or community."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from itertools import pairwise, product
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

Name = tuple[str, str]  # Chinese, English

_FIRST: Final = (
    "澜lan 霁ji 蘅heng 芷zhi 砚yan 棠tang 桐tong 漪yi 澄cheng 禾he 穗sui 榆yu 槐huai 枫feng 鹭lu "
    "雁yan 鹤he 朗lang 昭zhao 晏yan 颐yi 锦jin 弦xian 鸣ming 岚lan 沐mu 云yun 星xing 晴qing 曦xi "
    "松song 竹zhu 兰lan 柳liu 青qing 翠cui 碧bi 丹dan 素su 玉yu"
)
_LAST: Final = (
    "汀ting 岫xiu 溪xi 洲zhou 渚zhu 湾wan 浦pu 畔pan 谷gu 坪ping 堰yan 塘tang 桥qiao 渡du 津jin "
    "亭ting 台tai 庭ting 里li 坊fang"
)
_RURAL: Final = "埂geng 堰yan 塘tang 沟gou 冲chong 坝ba 铺pu 店dian 营ying 寨zhai 庄zhuang 坪ping"
HASH_DIGITS: Final = 6
ESTATE_ERAS: Final = (  # from this year on: endings of an estate's name
    (2012, (("府", "Mansion"), ("公馆", "House"), ("雅居", "Residence"), ("云庭", "Court"))),
    (2000, (("苑", "Court"), ("家园", "Homes"), ("花园", "Garden"), ("雅居", "Residence"))),
    (1990, (("花园", "Garden"), ("小区", "Estate"), ("新村", "New Village"), ("苑", "Court"))),
    (0, (("小区", "Estate"), ("新村", "New Village"), ("大院", "Compound"), ("里", "Lane"))),
)


def _signs(text: str) -> dict[str, str]:
    return {pair[0]: pair[1:] for pair in text.split()}


PINYIN: Final = _signs(_FIRST) | _signs(_LAST) | _signs(_RURAL)
FIRST: Final = tuple(_signs(_FIRST))
LAST: Final = tuple(_signs(_LAST))
RURAL: Final = tuple(_signs(_RURAL))


def name_hash(stem: str) -> str:
    """Shorten a name to the digits under which real names are listed."""
    return hashlib.sha1(stem.encode(), usedforsecurity=False).hexdigest()[:HASH_DIGITS]


def real_names() -> frozenset[str]:
    """Read the hashes of those stems we could form that are real places."""
    text = files("geodata.demo").joinpath("real_names.txt").read_text(encoding="ascii")
    return frozenset(text.split())


def english(stem: str) -> str:
    """Spell a Chinese stem in pinyin."""
    return "".join(PINYIN[sign] for sign in stem).capitalize()


class Names:
    """Draws names of each sort without repeating one, neither in Chinese nor in pinyin."""

    def __init__(self, rng: np.random.Generator) -> None:
        """Shuffle what the signs allow."""
        self._rng = rng
        self._real = real_names()
        self._spelled: set[str] = set()
        self._towns = self._draw((FIRST, LAST), (FIRST, FIRST, LAST))
        self._villages = self._draw((FIRST, RURAL), (FIRST, FIRST, RURAL))
        self._estates = self._draw((FIRST, FIRST), (FIRST, FIRST, FIRST))

    def _draw(self, *shapes: tuple[tuple[str, ...], ...]) -> Iterator[str]:
        """Stems in random order, the short ones first."""
        for shape in shapes:
            stems = ["".join(signs) for signs in product(*shape)]
            for index in self._rng.permutation(len(stems)).tolist():
                stem = stems[index]
                doubled = any(a == b for a, b in pairwise(stem))
                if not doubled and name_hash(stem) not in self._real:
                    yield stem

    def town(self) -> str:
        """Draw the stem of a street or an urban community."""
        return self._unspelled(self._towns)

    def village(self) -> str:
        """Draw the stem of a village."""
        return self._unspelled(self._villages)

    def _unspelled(self, stems: Iterator[str]) -> str:
        stem = next(stem for stem in stems if english(stem) not in self._spelled)
        self._spelled.add(english(stem))
        return stem

    def stem(self) -> str:
        """Draw the stem of an estate, a school, a works or a road."""
        return next(self._estates)

    def estate(self, year: int) -> Name:
        """Name an estate as was the fashion in its year."""
        endings = next(ends for since, ends in ESTATE_ERAS if year >= since)
        ending = endings[int(self._rng.integers(len(endings)))]
        stem = self.stem()
        return stem + ending[0], f"{english(stem)} {ending[1]}"
