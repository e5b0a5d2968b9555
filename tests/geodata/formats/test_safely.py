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
MOST_S, MOST_MIB = 20, 2048  # of processor time and memory, for a file that is refused
# Reads a file as the program does, but in a child that can be waited for: its usage is measured.
MEASURED = """
    import resource, sys
    from pathlib import Path
    from geodata.formats import FileRefusedError, safely, warm
    warm.NURSERY.leave()
    try:
        safely.read(Path(sys.argv[1]))
    except FileRefusedError as error:
        print(error.reason, error.cure, str(error), sep=chr(10))
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(used.ru_utime + used.ru_stime, used.ru_maxrss >> 10)
"""
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


def hostile(path: Path) -> tuple[str, str]:
    """Give reason and cure of a refusal under the limits of the program, once it was cheap."""
    run = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", textwrap.dedent(MEASURED), path],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    reason, cure, said, used = run.stdout.splitlines()
    assert str(path) in said
    seconds, mib = used.split()
    assert float(seconds) <= MOST_S
    assert int(mib) <= MOST_MIB
    return reason, cure


def refusal(path: Path, limits: Limits = formats.LIMITS) -> FileRefusedError:
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
    assert apart.numbered == here.numbered == "feature"


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
    assert hostile(tmp_path / name)[0] == "points_elsewhere"


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
            safely.read(tmp_path / name)
    assert heard == []


def test_entities_reach_no_file_and_do_not_explode(tmp_path: Path) -> None:
    reach = '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    levels = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
    laughs = f'<!DOCTYPE kml [<!ENTITY l0 "ha">{levels}]>'
    for kind in (reach, laughs):
        path = tmp_path / "a.kml"
        path.write_text(KML.replace("?>", "?>" + kind, 1).replace("网格一", "&x;&l11;"))
        assert hostile(path)[0] == "document_type"


def test_bombs_are_refused_while_they_unpack(tmp_path: Path) -> None:
    zeros = bytes(300 << 20)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(zeros, 1))
    (tmp_path / "a.zip").write_bytes(zipped({"a.csv": zeros}))
    book = io.BytesIO(xlsx([["a"], [1]]))
    with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/x.bin", zeros)
    (tmp_path / "a.xlsx").write_bytes(book.getvalue())
    for name in ("a.csv.gz", "a.zip", "a.xlsx"):
        reason, cure = hostile(tmp_path / name)
        assert reason == "inflates_too_far"
        assert "where it comes from" in cure


def test_a_file_larger_than_any_export_is_not_begun(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.write(b"a\n1")
        file.truncate(formats.LIMITS.bytes + 1)
    assert hostile(path)[0] == "too_large"


def test_a_file_is_given_as_much_as_its_size_may_need() -> None:
    trap, city = formats.LIMITS.for_size(100_000), formats.LIMITS.for_size(200 << 20)
    assert trap.seconds < MOST_S
    assert trap.memory >> 20 <= MOST_MIB
    assert trap.inflated < formats.LIMITS.inflated
    assert city == formats.LIMITS
    grown = [formats.LIMITS.for_size(size << 20) for size in range(40)]
    for name in ("seconds", "memory", "inflated"):
        given = [getattr(limits, name) for limits in grown]
        assert given == sorted(given)
    assert Limits(seconds=1, memory=5, inflated=9).for_size(1 << 30).seconds == 1


@pytest.mark.parametrize("part", ["a.dbf", "a.csv"])
def test_the_parts_of_a_shapefile_count_for_its_size(tmp_path: Path, part: str) -> None:
    (tmp_path / "a.shp").write_bytes(bytes(10))
    (tmp_path / part).write_bytes(bytes(20))
    assert cage.size_of(tmp_path / "a.shp") == (30 if part == "a.dbf" else 10)
    assert cage.size_of(tmp_path / "a.dbf") == (20 if part == "a.dbf" else 0)


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
    assert hostile(path)[0] in {"breaks_reader", "too_large", "too_many_columns", "damaged"}


def test_a_shape_of_a_million_vertices_is_refused(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[i / 1e6, 0.5] for i in range(1_000_000)]}
    path = tmp_path / "a.geojson"
    path.write_bytes(collection(feature({}, line)))
    assert hostile(path)[0] == "too_many_vertices"


@pytest.mark.parametrize("name", ["../a.csv", "/a.csv", "x/../../a.csv"])
def test_an_archive_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({name: b"a\n1\n"}))
    assert hostile(tmp_path / "a.zip")[0] == "leads_outside"


def test_cells_that_reach_over_all_others_do_not_take_the_time(tmp_path: Path) -> None:
    merged = ["A1:XFD1048576"] * 20_000
    rows = [["a", "b"], *[["x", 1]] * 5_000]
    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx(rows, merged))
    assert hostile(path)[0] == "damaged"


def test_lists_that_hold_nothing_but_lists_do_not_take_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"[" + b'{"a":[[[]]]},' * 4_000_000 + b"{}]")
    (tmp_path / "a.json.gz").write_bytes(gzip.compress(path.read_bytes(), 9))
    path.unlink()
    assert hostile(tmp_path / "a.json.gz")[0] in {"too_large", "breaks_reader"}


def test_coordinates_that_are_no_numbers_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_bytes(collection(feature({}, {"type": "Point", "coordinates": [float("nan"), 1]})))
    sheet = safely.read(path)
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
    import ctypes, os, resource, socket, sys
    from pathlib import Path
    from geodata.formats import cage
    from geodata.formats.sheet import Limits
    mine, folder, other = map(Path, sys.argv[1:])
    cores = resource.getrlimit(resource.RLIMIT_CORE)
    cage.shut(mine, folder, Limits())
    assert mine.read_text() == "mine" and mine.with_suffix(".dbf").read_text() == "part"
    own = folder / "x"
    own.write_text("mine too")
    own.write_text("mine")
    with own.open("r+") as file:
        file.truncate(2)
    (folder / "y").mkdir()
    own.rename(folder / "y" / "x")
    libc = ctypes.CDLL(None, use_errno=True)
    opened = os.open(mine, os.O_RDONLY)
    def raw(name, *given):
        if getattr(libc, name)(*given) == -1 and ctypes.get_errno() in {1, 13}:
            raise PermissionError
    tried = {
        "socket": lambda: socket.create_connection(("127.0.0.1", 9)),
        "raw socket": lambda: raw("socket", 2, 1, 0),
        "program": lambda: os.system("true"),
        "raw program": lambda: raw("execve", b"/bin/true", None, None),
        "other file": lambda: other.read_text(),
        "password file": lambda: Path("/etc/passwd").read_text(),
        "folder of the same name": lambda: (mine.with_suffix("") / "other.csv").read_text(),
        "writing": lambda: mine.write_text("changed"),
        "truncating": lambda: os.truncate(mine, 4),
        "emptying": lambda: os.open(mine, os.O_RDONLY | os.O_TRUNC),
        "rights": lambda: os.chmod(other, 0o600),
        "rights of an open file": lambda: os.fchmod(opened, 0o600),
        "rights by a folder": lambda: os.chmod(other.name, 0o600, dir_fd=at),
        "owner": lambda: os.chown(other, os.getuid(), -1),
        "owner of a link": lambda: os.lchown(other, os.getuid(), -1),
        "owner of an open file": lambda: os.fchown(opened, os.getuid(), -1),
        "owner by a folder": lambda: os.chown(other.name, os.getuid(), -1, dir_fd=at),
        "times": lambda: os.utime(other, (1, 1)),
        "times of an open file": lambda: os.utime(opened, (1, 1)),
        "old times": lambda: raw("utime", bytes(other), None),
        "older times": lambda: raw("utimes", bytes(other), None),
        "attribute": lambda: os.setxattr(other, "user.x", b"x"),
        "attribute of a link": lambda: os.setxattr(other, "user.x", b"", follow_symlinks=False),
        "attribute of an open file": lambda: os.setxattr(opened, "user.x", b"x"),
        "no attribute": lambda: os.removexattr(other, "user.y"),
        "limits of another": lambda: resource.prlimit(os.getppid(), resource.RLIMIT_CORE, cores),
        "own limits": lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)),
        "signal": lambda: os.kill(os.getppid(), 0),
        "raw signal": lambda: raw("tgkill", os.getpid(), os.getpid(), 0),
        "x32 call": lambda: raw("syscall", 0x40000000 + 39),
    }
    at = os.open(other.parent, os.O_RDONLY)
    for name, try_it in tried.items():
        try:
            try_it()
        except (PermissionError, ValueError):  # the latter for limits
            pass
        except OSError as error:
            print(name, "fails otherwise:", error)
        else:
            print(name, "is free")
    print(len(tried), "tried")
"""
ALONE = """
    import fcntl, os, socket, sys, termios
    from pathlib import Path
    from geodata.formats import landlock
    mine, folder, _ = map(Path, sys.argv[1:])
    lines = [socket.socket() for _ in range(2)]
    print(landlock.restrict([], [str(mine), "/dev/null"], [str(folder)]))
    device = os.open("/dev/null", os.O_RDONLY)
    tried = {
        1: lambda: mine.write_text("changed"),
        3: lambda: os.truncate(mine, 4),
        4: lambda: [line.connect(("127.0.0.1", 9)) for line in lines],
        4.5: lambda: lines[1].bind(("127.0.0.1", 0)),
        5: lambda: fcntl.ioctl(device, termios.TIOCGWINSZ, bytes(8)),
        6: lambda: os.kill(os.getppid(), 0),
    }
    for version, try_it in tried.items():
        try:
            try_it()
        except PermissionError:
            continue
        except OSError:
            pass
        if landlock.version() >= version:
            print(version)
"""


def caged(script: str, tmp_path: Path) -> list[str]:
    """Run a script that shuts itself in with a file, beside which there are others."""
    (tmp_path / "own").mkdir()
    (tmp_path / "mine").mkdir()
    mine, other = tmp_path / "mine.csv", tmp_path / "other.csv"
    mine.write_text("mine")
    mine.with_suffix(".dbf").write_text("part")
    for path in (other, tmp_path / "mine" / "other.csv"):
        path.write_text("other")
    run = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", textwrap.dedent(script), mine, tmp_path / "own", other],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert (mine.read_text(), other.read_text()) == ("mine", "other")
    return [*run.stdout.splitlines(), *run.stderr.splitlines()]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these walls are of Linux")
def test_the_cage_holds(tmp_path: Path) -> None:
    assert caged(CAGED, tmp_path) == ["30 tried"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these walls are of Linux")
def test_the_wall_of_files_holds_alone_as_far_as_the_kernel_knows_it(tmp_path: Path) -> None:
    assert caged(ALONE, tmp_path) == ["True"]


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
