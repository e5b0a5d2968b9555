"""XML that is a list of records, as Open311 and many another server write it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from geodata.formats.cells import column, written
from geodata.formats.names import unique
from geodata.formats.sheet import FileRefusedError, Raw
from geodata.formats.xmls import guarded, local, root_of, text_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from geodata.formats.source import Source


def read(source: Source) -> Raw:
    """Read the records; what is nested in one becomes JSON text."""
    safe, encoding = guarded(source)
    root = root_of(safe)
    _refuse_others(root)
    records = _records(root)
    rows = [_record(record) for record in records]
    keys = dict.fromkeys(key for row in rows for key in row)
    raw = Raw({}, encoding=encoding, count=len(rows))
    if len(keys) > source.limits.columns:
        detail = f"has {len(keys):,} different elements"
        raise FileRefusedError(reason="too_many_columns", detail=detail, cure="export it as rows")
    for name, key in zip(unique(keys, raw.remarks), keys, strict=True):
        raw.columns[name] = column(written(row.get(key)) for row in rows)
    return raw


def _refuse_others(root: Element) -> None:
    if local(root.tag) == "errors":
        said = "; ".join(" ".join(filter(None, map(str.strip, error.itertext()))) for error in root)
        detail = f"is the error message of a server ({said[:200]})"
        raise FileRefusedError(reason="server_error", detail=detail, cure="ask the server again")
    if not len(root) and text_of(root):
        detail = f"is XML of one element, {local(root.tag)}"
        raise FileRefusedError(
            reason="unknown_kind", detail=detail, cure="export it as a list of records"
        )


def _records(root: Element) -> list[Element]:
    """Take the children of the root, or of the one list that wraps them."""
    while len(root) == 1 and len(root[0]) > 1 and all(len(child) for child in root[0]):
        root = root[0]
    names = Counter(local(child.tag) for child in root)
    if not names or (len(names) == 1 and any(len(child) for child in root)):
        return list(root)
    [(often, times)] = names.most_common(1)
    if times > 1:  # a header, then the records
        return [child for child in root if local(child.tag) == often and len(child)]
    return [root]


def _record(record: Element) -> dict[str, Any]:
    row: dict[str, Any] = {local(name): value for name, value in record.attrib.items()}
    for child in record:
        key, value = local(child.tag), _value(child)
        if key in row:
            known = row[key]
            row[key] = [*known, value] if isinstance(known, list) else [known, value]
        else:
            row[key] = value
    return row


def _value(element: Element) -> object:
    return _record(element) if len(element) else text_of(element)
