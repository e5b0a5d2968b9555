"""A font with Chinese characters on this machine; none is part of the product.

`YIPING_FONTS` names a folder. Without it the usual folders of the system are searched for files of
the families below; the first family that is there is used, and only the letters that the page needs
are put into it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from geodata.paper.errors import FontError

if TYPE_CHECKING:
    from collections.abc import Sequence

FAMILIES: Final = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
)
FILES: Final = (  # how the names of their files begin, in small letters
    *("notosanscjk", "notosanssc", "sourcehansans", "msyh", "pingfang", "wqy-microhei"),
    "wqy-zenhei",
)
FOLDERS: Final = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
KINDS: Final = frozenset((".ttc", ".otf", ".ttf"))
MISSING: Final = (
    "no font with Chinese characters was found; install the package fonts-noto-cjk "
    "(google-noto-sans-cjk-fonts on other systems), or name a folder of fonts in YIPING_FONTS"
)


def folders(own: Path | None, usual: Sequence[str] = FOLDERS) -> list[str]:
    """Folders with files of the families; of the setting where it names one.

    Raises:
        FontError: there is none.
    """
    roots = [own] if own else [Path(each).expanduser() for each in usual]
    found = {
        str(path.parent)
        for root in roots
        for path in sorted(root.rglob("*"))
        if path.suffix.lower() in KINDS and (own or path.name.lower().startswith(FILES))
    }
    if not found:
        raise FontError(f"{own}: {MISSING}" if own else MISSING)
    return sorted(found)
