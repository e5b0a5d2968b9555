"""Hostile files: refused by the child, in bounded time and memory, without the network."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import socket
import subprocess
import sys
import tempfile
import textwrap
import threading
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import geodata
from geodata import formats
from geodata.formats import FileRefusedError, Limits, cage, safely
from tests.geodata.formats.writing import KML, collection, feature, xlsx, zipped

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(geodata.__file__).parents[1]
SMALL = Limits(bytes=64 << 20, inflated=64 << 20, seconds=20.0, memory=2 << 30)
POINT = {"type": "Point", "coordinates": [1.0, 2.0]}


@pytest.fixture
def calls() -> Iterator[tuple[int, list[object]]]:
    """A port that listens, and everyone who called it."""
    heard: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        done = threading.Event()

        def listen() -> None:
            while not done.is_set():
                try:
                    caller, address = server.accept()
                except TimeoutError:
                    continue
                heard.append(address)
                caller.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], heard
        done.set()
        thread.join()


def refusal(path: Path, limits: Limits = SMALL) -> FileRefusedError:
    with pytest.raises(FileRefusedError) as refused:
        safely.read(path, limits=limits)
    assert str(path) in str(refused.value)
    return refused.value


def test_a_child_says_the_same_as_this_process(tmp_path: Path) -> None:
    path = tmp_path / "名.csv"
    path.write_bytes("a,b\n1,东\n2\n".encode("gb18030"))
    apart, here = safely.read(path), formats.read(path)
    assert apart.frame.equals(here.frame)
    assert apart.frame.dtypes.equals(here.frame.dtypes)
    assert (apart.encoding, apart.remarks) == (here.encoding, here.remarks)
    path = tmp_path / "a.geojson"
    path.write_bytes(collection(feature({"a": 1}, POINT), None, feature({"a": 3})))
    apart, here = safely.read(path), formats.read(path)
    assert apart.frame.equals(here.frame)
    assert (apart.crs, apart.remarks) == (here.crs, here.remarks)
    assert apart.rows.tolist() == here.rows.tolist() == [1, 3]


def test_a_refusal_comes_back_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(json.dumps({"x": [{"a": 1}], "y": [{"a": 1}]}).encode())
    error = refusal(path)
    assert (error.reason, error.choices) == ("choose_layer", ("x", "y"))
    assert refusal(tmp_path / "none.csv").reason == "not_there"


@pytest.mark.parametrize("name", ["a.geojson", "a.kml", "a.shp", "a.gpkg", "a.csv"])
def test_a_vrt_in_disguise_reads_no_other_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.csv").write_text("secret\n42\n")
    vrt = f"""<OGRVRTDataSource><OGRVRTLayer name="secret">
      <SrcDataSource>{tmp_path}/secret.csv</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"""
    (tmp_path / name).write_text(vrt)
    assert refusal(tmp_path / name).reason == "points_elsewhere"


def test_nothing_calls_out(tmp_path: Path, calls: tuple[int, list[object]]) -> None:
    port, heard = calls
    url = f"http://127.0.0.1:{port}/x"
    vrt = f"<OGRVRTDataSource><SrcDataSource>/vsicurl/{url}</SrcDataSource></OGRVRTDataSource>"
    gml = (
        f'<FeatureCollection xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="{url} {url}.xsd" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'xmlns="http://www.opengis.net/gml"><featureMember><a><n xlink:href="{url}"/></a>'
        f"</featureMember></FeatureCollection>"
    )
    link = f"<kml><NetworkLink><Link><href>{url}</href></Link></NetworkLink></kml>"
    xxe = f'<!DOCTYPE kml [<!ENTITY x SYSTEM "{url}">]><kml>&x;</kml>'
    for name, text in {"a.geojson": vrt, "a.gml": gml, "a.kml": link, "b.kml": xxe}.items():
        (tmp_path / name).write_text(text)
        with contextlib.suppress(FileRefusedError):
            safely.read(tmp_path / name, limits=SMALL)
    assert heard == []


def test_entities_reach_no_file_and_do_not_explode(tmp_path: Path) -> None:
    reach = '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    levels = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
    laughs = f'<!DOCTYPE kml [<!ENTITY l0 "ha">{levels}]>'
    for kind in (reach, laughs):
        path = tmp_path / "a.kml"
        path.write_text(KML.replace("?>", "?>" + kind, 1).replace("网格一", "&x;&l11;"))
        assert refusal(path).reason == "document_type"


def test_bombs_are_refused_while_they_unpack(tmp_path: Path) -> None:
    zeros = bytes(100 << 20)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(zeros, 1))
    (tmp_path / "a.zip").write_bytes(zipped({"a.csv": zeros}))
    book = io.BytesIO(xlsx([["a"], [1]]))
    with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/x.bin", zeros)
    (tmp_path / "a.xlsx").write_bytes(book.getvalue())
    (tmp_path / "big.csv").write_bytes(b"a\n" + zeros)
    for name in ("a.csv.gz", "a.zip", "a.xlsx"):
        refused = refusal(tmp_path / name)
        assert refused.reason == "inflates_too_far"
        assert "where it comes from" in refused.cure
    assert refusal(tmp_path / "big.csv").reason == "too_large"


def test_a_sheet_as_large_as_it_can_be_does_not_take_the_memory(tmp_path: Path) -> None:
    """Two cells at the far corners make a dense table of seventeen thousand million."""
    content = xlsx([["a", "b"], [1, 2]])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for entry in source.infolist():
            text = source.read(entry).replace(b'r="B2"', b'r="XFD1048576"')
            target.writestr(entry.filename, text.replace(b'<row r="2">', b'<row r="1048576">'))
    path = tmp_path / "a.xlsx"
    path.write_bytes(out.getvalue())
    assert refusal(path).reason in {"breaks_reader", "too_large", "too_many_columns", "damaged"}


def test_a_shape_of_a_million_vertices_is_refused(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[i / 1e6, 0.5] for i in range(1_000_000)]}
    path = tmp_path / "a.geojson"
    path.write_bytes(collection(feature({}, line)))
    assert refusal(path).reason == "too_many_vertices"


def test_coordinates_that_are_no_numbers_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_bytes(collection(feature({}, {"type": "Point", "coordinates": [float("nan"), 1]})))
    sheet = safely.read(path, limits=SMALL)
    assert [remark.reason for remark in sheet.remarks] == ["geometry_not_understood"]


def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a\n1\n")
    assert refusal(path, Limits(seconds=1e-6)).reason == "too_slow"


def test_a_file_that_needs_too_much_memory_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"[" + b'{"a":[[[]]]},' * 4_000_000 + b"{}]")
    assert refusal(path, Limits(memory=900 << 20)).reason in {"too_large", "breaks_reader"}


CAGED = """
    import ctypes, os, socket, sys
    from pathlib import Path
    from geodata.formats import cage
    from geodata.formats.sheet import Limits
    mine, folder, other = map(Path, sys.argv[1:])
    cage.shut(mine, folder, Limits())
    assert mine.read_text() == "mine"
    (folder / "x").write_text("mine too")
    libc = ctypes.CDLL(None, use_errno=True)
    tried = {
        "socket": lambda: socket.create_connection(("127.0.0.1", 9)),
        "raw socket": lambda: 1 / (libc.socket(2, 1, 0) + 1),
        "program": lambda: os.system("true"),
        "raw program": lambda: 1 / (libc.execve(b"/bin/true", None, None) + 1),
        "other file": lambda: other.read_text(),
        "password file": lambda: Path("/etc/passwd").read_text(),
        "writing": lambda: mine.write_text("changed"),
        "signal": lambda: os.kill(os.getppid(), 0),
        "raw signal": lambda: 1 / (libc.tgkill(os.getpid(), os.getpid(), 0) + 1),
        "x32 call": lambda: 1 / (libc.syscall(0x40000000 + 39) + 1 or ctypes.get_errno() - 1),
    }
    for name, try_it in tried.items():
        try:
            try_it()
        except (OSError, ZeroDivisionError):
            print(name)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these walls are of Linux")
def test_the_cage_holds(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    mine, other = tmp_path / "mine.csv", tmp_path / "other.csv"
    mine.write_text("mine")
    other.write_text("other")
    run = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", textwrap.dedent(CAGED), mine, folder, other],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert run.stdout.splitlines() == [
        "socket", "raw socket", "program", "raw program", "other file", "password file", "writing",
        "signal", "raw signal", "x32 call",
    ]  # fmt: skip


def test_what_the_platform_cannot_close_is_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / cage.MISSING).write_text("landlock\nno such wall")
    safely.warn_once.cache_clear()
    for _ in range(2):
        safely.note_missing(tmp_path)
    assert [record.getMessage() for record in caplog.records] == [
        "files are read without landlock: this system cannot set it"
    ]


def test_of_a_long_complaint_only_the_end_is_read() -> None:
    with tempfile.TemporaryFile() as said:
        said.write(b"x" * 100_000 + b"\nMemoryError")
        assert len(safely.last_said(said)) == 4096
        assert safely.last_said(said).endswith("\nMemoryError")
