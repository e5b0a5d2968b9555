"""Small files of every format, written here byte by byte so that the reader is the one tested."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

SQUARE = [[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]]


def feature(properties: object, geometry: object = None) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: object, **more: object) -> bytes:
    whole = {"type": "FeatureCollection", "features": list(features), **more}
    return json.dumps(whole, ensure_ascii=False).encode()


def zipped(files: dict[str, bytes], *, gbk: bool = False) -> bytes:
    """A ZIP; `gbk`: its names as Chinese Windows writes them, without saying so."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            plain = name.encode("gbk").decode("cp437") if gbk else name
            archive.writestr(zipfile.ZipInfo(plain), content, zipfile.ZIP_DEFLATED)
    return _unflagged(out.getvalue()) if gbk else out.getvalue()


def _unflagged(content: bytes) -> bytes:
    """Names of an archive as raw bytes, and the flag off that would call them UTF-8."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        central, count = b"", 0
        for entry in archive.infolist():
            name = entry.filename.encode("cp437")
            data = archive.read(entry)
            common = struct.pack(
                "<HHHHHIIIHH", 20, 0, 0, 0, 33, entry.CRC, len(data), len(data), len(name), 0
            )
            offset = out.tell()
            out.write(b"PK\x03\x04" + common + name + data)
            central += b"PK\x01\x02" + struct.pack("<H", 20) + common
            central += struct.pack("<HHHII", 0, 0, 0, 0, offset) + name
            count += 1
        start = out.tell()
        out.write(central)
        out.write(
            b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, len(central), start, 0)
        )
    return out.getvalue()


def dbf(
    fields: Sequence[tuple[str, str, int]],
    rows: Sequence[Sequence[bytes]],
    *,
    encoding: str = "gbk",
    language: int = 0,
    deleted: Sequence[int] = (),
) -> bytes:
    """A table of fields (name, type, size); deleted: positions of struck-out rows."""
    size = 1 + sum(width for _, _, width in fields)
    header = 32 + 32 * len(fields) + 1
    out = bytearray(struct.pack("<BBBBIHH", 3, 126, 1, 1, len(rows), header, size))
    out += bytes(17) + bytes([language]) + bytes(2)
    for name, kind, width in fields:
        out += name.encode(encoding).ljust(11, b"\0")[:11] + kind.encode() + bytes(4)
        out += bytes([width, 0]) + bytes(14)
    out += b"\r"
    for position, row in enumerate(rows):
        out += b"*" if position in deleted else b" "
        for (_, _, width), cell in zip(fields, row, strict=True):
            out += cell.ljust(width)[:width]
    return bytes(out + b"\x1a")


def points_shp(points: Sequence[tuple[float, float]]) -> tuple[bytes, bytes]:
    """The .shp and .shx of some points."""
    records, index = b"", b""
    for number, (x, y) in enumerate(points, start=1):
        index += struct.pack(">ii", (100 + len(records)) // 2, 10)
        records += struct.pack(">ii", number, 10) + struct.pack("<idd", 1, x, y)

    def header(length: int) -> bytes:
        start = struct.pack(">i5ii", 9994, 0, 0, 0, 0, 0, length // 2)
        return start + struct.pack("<ii8d", 1000, 1, 0, 0, 10, 10, 0, 0, 0, 0)

    return header(100 + len(records)) + records, header(100 + len(index)) + index


def xlsx(
    rows: Sequence[Sequence[object]], merged: Sequence[str] = (), name: str = "Sheet1"
) -> bytes:
    """A workbook of one sheet: text inline, numbers as numbers, None as nothing."""
    return workbook({name: (rows, merged)})


def workbook(sheets: dict[str, tuple[Sequence[Sequence[object]], Sequence[str]]]) -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    listed = "".join(
        f'<sheet name="{name}" sheetId="{i}" r:id="rId{i}"/>' for i, name in enumerate(sheets, 1)
    )
    related = "".join(
        f'<Relationship Id="rId{i}" Type="{office}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i, _ in enumerate(sheets, 1)
    )
    files = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": (
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{listed}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{package}/relationships">{related}</Relationships>'
        ),
    }
    for i, (rows, merged) in enumerate(sheets.values(), 1):
        body = "".join(
            f'<row r="{r}">' + "".join(_cell(r, c, value) for c, value in enumerate(row)) + "</row>"
            for r, row in enumerate(rows, 1)
        )
        joined = "".join(f'<mergeCell ref="{ref}"/>' for ref in merged)
        joined = f"<mergeCells>{joined}</mergeCells>" if merged else ""
        files[f"xl/worksheets/sheet{i}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData>{joined}</worksheet>'
        )
    return zipped({name: content.encode() for name, content in files.items()})


def _cell(row: int, column: int, value: object) -> str:
    if value is None:
        return ""
    ref = f"{chr(65 + column)}{row}"
    if isinstance(value, (int, float)):
        return f'<c r="{ref}"><v>{value!r}</v></c>'
    return f'<c r="{ref}" t="inlineStr"><is><t>{value}</t></is></c>'


def ods(rows: Sequence[Sequence[str]]) -> bytes:
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    body = "".join(
        "<table:table-row>"
        + "".join(
            '<table:table-cell office:value-type="string">'
            f"<text:p>{cell}</text:p></table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    names = " ".join(f'xmlns:{short}="{space}{short}:1.0"' for short in ("office", "table", "text"))
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="one">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    return zipped(
        {"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content.encode()}
    )


KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder><name>东片</name>
<Placemark id="p1"><name>网格一</name>
<ExtendedData><Data name="code"><value>001</value></Data></ExtendedData>
<Polygon><outerBoundaryIs>
<LinearRing><coordinates>0,0 1,0 1,1 0,1</coordinates></LinearRing></outerBoundaryIs></Polygon>
</Placemark></Folder><Placemark><name>点</name><Point><coordinates>2,3,4</coordinates></Point></Placemark>
</Document></kml>"""
GML = """<?xml version="1.0" encoding="UTF-8"?>
<ogr:FeatureCollection xmlns:ogr="http://ogr.maptools.org/" xmlns:gml="http://www.opengis.net/gml">
<gml:featureMember><ogr:grid fid="g.0"><ogr:geometryProperty><gml:Point srsName="EPSG:4326">
<gml:coordinates>116.2,40.2</gml:coordinates></gml:Point></ogr:geometryProperty>
<ogr:name>网格一</ogr:name><ogr:code>11011400100100000001</ogr:code></ogr:grid></gml:featureMember>
</ogr:FeatureCollection>"""
OPEN311 = """<?xml version="1.0" encoding="utf-8"?>
<service_requests type="array"><request><service_request_id>1</service_request_id>
<status>open</status><lat>37.7</lat><long>-122.4</long></request>
<request><service_request_id>2</service_request_id><status>closed</status></request></service_requests>"""
