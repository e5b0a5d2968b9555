"""The report as one page of HTML without script: it can be mailed, archived and printed."""

from __future__ import annotations

from datetime import datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from geodata.report.account import COUNTS, FileAccount, accounts
from geodata.report.unused import headline
from geodata.report.words import word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geodata.ingest.reasons import Lang
    from geodata.model.profile import Profile
    from geodata.report.unused import Unused
    from geodata.store.snapshots import City

LANGUAGES: Final = {"zh": "zh-CN", "en": "en"}
STYLE: Final = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
# Nothing on the page may run or be fetched, whatever a cell of a file holds.
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


def page(city: City, lang: Lang, unused: Sequence[Unused] | None = None) -> str:
    """Make the page of a snapshot's import; every text that comes from a file is escaped.

    unused: of an import tried at the desk, the files handed in that went into nothing.
    """
    files = accounts(city.findings)
    name = city.profile.name_zh if lang == "zh" else city.profile.name_en
    title = f"{word('title', lang)} · {name}"
    parts = [
        f"<h1>{escape(title)}</h1>",
        _facts(city, "built" if unused is None else "tried", lang),
        _sums(files, lang),
        *_left(unused or (), lang),
        f"<p>{escape(word('how_read', lang))}</p>",
        f"<h2>{escape(word('files', lang))}</h2>",
        _overview(files, city.profile, lang),
        *_nothing(files, lang),
        *(
            _file(number, file, city.profile, lang, on_page=unused is not None)
            for number, file in enumerate(files)
            if file.reasons
        ),
        f"<footer><p>{escape(word('how_quarantine', lang))}</p></footer>",
    ]
    body = "\n".join(parts)
    return (
        f'<!doctype html>\n<html lang="{LANGUAGES[lang]}"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{STYLE}</style></head>\n"
        f"<body>\n{body}\n</body></html>\n"
    )


def _facts(city: City, made: str, lang: Lang) -> str:
    zone = ZoneInfo(city.profile.time_zone)
    built = f"{datetime.fromtimestamp(city.meta['built'], zone):%Y-%m-%d %H:%M} ({zone.key})"
    facts = (("snapshot", city.id), (made, built))
    said = "".join(
        f"<div><dt>{escape(word(key, lang))}</dt><dd>{escape(text)}</dd></div>"
        for key, text in facts
    )
    return f"<dl>{said}</dl>"


def _sums(files: list[FileAccount], lang: Lang) -> str:
    boxes = "".join(
        f"<div><b>{_sum(files, count):,}</b><span>{escape(word(count, lang))}</span></div>"
        for count in COUNTS
    )
    return f'<div class="sums">{boxes}</div>'


def _left(unused: Sequence[Unused], lang: Lang) -> list[str]:
    """Which files went into nothing, and why."""
    if not unused:
        return []
    heads = "".join(
        f"<th>{escape(word(key, lang))}</th>" for key in ("file", "action", "reason", "cure")
    )
    rows = "".join(
        f"<tr><td>{escape(file.name)}</td>"
        f'<td class="act">{escape(word(file.outcome, lang))}</td>'
        f"<td>{escape(file.words(lang))}</td><td>{escape(file.cure(lang))}</td></tr>"
        for file in unused
    )
    title = f"<h2>{escape(headline(len(unused), lang))}</h2>"
    return [title, f'<div class="wide"><table><tr>{heads}</tr>{rows}</table></div>']


def _sum(files: Iterable[FileAccount], count: str) -> int:
    return sum(int(getattr(file, count)) for file in files)


def _overview(files: list[FileAccount], profile: Profile, lang: Lang) -> str:
    heads = "".join(f'<th class="n">{escape(word(count, lang))}</th>' for count in COUNTS)
    rows = "".join(
        _overview_row(number, file, file.title(profile, lang)) for number, file in enumerate(files)
    )
    sums = "".join(f'<td class="n">{_sum(files, count):,}</td>' for count in COUNTS)
    total = f'<tr class="total"><td>{escape(word("all_files", lang))}</td>{sums}<td></td></tr>'
    head = f"<tr><th>{escape(word('file', lang))}</th>{heads}<th></th></tr>"
    return f'<div class="wide"><table>{head}{rows}{total}</table></div>'


def _overview_row(number: int, file: FileAccount, title: str) -> str:
    name = escape(title)
    link = f'<a href="#f{number}">{name}</a>' if file.reasons else name
    counts = "".join(f'<td class="n">{_shown(getattr(file, count))}</td>' for count in COUNTS)
    return f"<tr><td>{link}</td>{counts}<td>{_bar(file)}</td></tr>"


def _shown(rows: int) -> str:
    return f"{rows:,}" if rows else "–"


def _bar(file: FileAccount) -> str:
    """What became of the rows, as a bar: imported, set aside, rejected."""
    if not file.read:
        return ""
    shapes, at = "", 0.0
    for kind, rows in (
        ("kept", file.imported),
        ("aside", file.set_aside),
        ("rejected", file.rejected),
    ):
        width = 100 * rows / file.read
        shapes += f'<rect class="{kind}" x="{at:.3f}" width="{width:.3f}" height="8"/>'
        at += width
    return f'<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">{shapes}</svg>'


def _nothing(files: list[FileAccount], lang: Lang) -> list[str]:
    if any(file.reasons for file in files):
        return []
    return [f"<p>{escape(word('nothing', lang))}</p>"]


def _file(number: int, file: FileAccount, profile: Profile, lang: Lang, *, on_page: bool) -> str:
    heads = "".join(
        f"<th{' class=n' if key == 'rows' else ''}>{escape(word(key, lang))}</th>"
        for key in ("action", "reason", "rows", "where", "cure")
    )
    rows = "".join(
        f'<tr class="{each.action}">'
        f'<td class="act">{escape(word(each.outcome, lang))}</td>'
        f"<td>{escape(each.words(lang))}</td>"
        f'<td class="n">{escape(each.counted(lang))}</td>'
        f'<td class="where">{escape(each.place(lang))}</td>'
        f"<td>{escape(each.cure(lang, on_page=on_page))}</td></tr>"
        for each in file.reasons
    )
    title = f'<h2 id="f{number}">{escape(file.title(profile, lang))}</h2>'
    return f'{title}<div class="wide"><table><tr>{heads}</tr>{rows}</table></div>'
