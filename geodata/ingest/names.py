"""Keys and names made where a source gives none."""

from __future__ import annotations

import re
from typing import Final

from geodata.ingest.pinyin import spelt

# What a Chinese place name ends in, longest first, and how it is said in English.
_ENDINGS: Final = (
    ("社区居民委员会", "Community"),
    ("村民委员会", "Village"),
    ("社区居委会", "Community"),
    ("社区村委会", "Village"),
    ("村委会", "Village"),
    ("居委会", "Community"),
    ("社区", "Community"),
    ("街道", "Subdistrict"),
    ("地区", "Area"),
    ("市", "City"),
    ("区", "District"),
    ("县", "County"),
    ("镇", "Town"),
    ("乡", "Township"),
    ("村", "Village"),
)


def slug(text: str) -> str:
    """Make a key of a name: "Recreation & Parks" → recreation-parks; Chinese stays as it is."""
    return re.sub(r"[\W_]+", "-", text.strip().lower()).strip("-")


def romanised(name: str) -> str:
    """Spell a Chinese place name in pinyin with its ending in English: 阳坊镇 → Yangfang Town."""
    if not name or name.isascii():
        return name
    for ending, word in _ENDINGS:
        stem = name.removesuffix(ending)
        if stem and stem != name:
            stem = stem.removesuffix("村") or stem if word == "Village" else stem
            return f"{_spelt(stem)} {word}"
    return _spelt(name)


def _spelt(name: str) -> str:
    return spelt(name).capitalize()
