"""What an import came to, to take away: its account as a page and a table, its rejected rows."""

from __future__ import annotations

from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import quote

from flask import Response, request, send_file

from dashboard.i18n import t
from dashboard.server.answers import language, refuse
from dashboard.server.arrivals import counter
from geodata import report
from geodata.desk import past, results

if TYPE_CHECKING:
    from flask import Flask

    from geodata.ingest.reasons import Lang

HTML: Final = "text/html"
CSV: Final = "text/csv"
# They hold texts of foreign files: even a browser that shows them gives them no origin and no code.
POLICY: Final = "sandbox; default-src 'none'; style-src 'unsafe-inline'"


def install(server: Flask) -> None:
    """Answer the three routes."""
    server.add_url_rule("/import/report.html", "import-report", lambda: account(report.PAGE, HTML))
    server.add_url_rule("/import/findings.csv", "import-findings", lambda: account(report.CSV, CSV))
    server.add_url_rule("/import/rejected.csv", "import-rejected", rejected)


def account(name: str, kind: str) -> Response:
    """The account of an arrival's last trial in the reader's language; of a past import as kept."""
    here = counter()
    if snapshot := request.args.get("s"):
        kept = past.left(here.data_dir, snapshot).get(name)
        return _handed_out(kept, f"yiping-{snapshot}-{name}", kind)
    home = here.home(request.args["a"])
    city = results.tried(home, here.data_dir)
    with TemporaryDirectory(prefix="yiping-report-") as folder:
        left = results.unused(home)
        written = report.write(city, Path(folder), cast("Lang", language()), left)
        content = {path.name: path for path in written}[name].read_bytes()
    return _handed_out(BytesIO(content), f"yiping-{city.id}-{name}", kind)


def rejected() -> Response:
    """The rows of one file that an arrival's last trial, or a past import, rejected."""
    here, name = counter(), request.args["file"]
    if snapshot := request.args.get("s"):
        left = past.left(here.data_dir, snapshot)
        sheets = {each: left[each] for each in left if each not in past.ACCOUNT}
    else:
        sheets = results.sheets(here.home(request.args["a"]))
    # What is asked for is only ever compared with the names that are there.
    stem = name.removesuffix(".csv")
    own = t("imports.rejected_name", language(), file=stem)
    return _handed_out(sheets.get(name), own, CSV)


def _handed_out(content: BytesIO | Path | None, name: str, kind: str) -> Response:
    if content is None:
        return refuse(HTTPStatus.NOT_FOUND)
    response = send_file(content, kind)
    # Old programs read only a plain name in ASCII.
    plain = name if name.isascii() else f"rejected{Path(name).suffix}"
    extended = f"UTF-8''{quote(name, safe='')}"
    response.headers.set("Content-Disposition", "attachment", filename=plain)
    if plain != name:
        response.headers["Content-Disposition"] += f"; filename*={extended}"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-store"
    return response
