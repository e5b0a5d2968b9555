"""What an import came to, to take away: its account as a page and a table, its rejected rows."""

from __future__ import annotations

from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, cast

from flask import Response, request, send_file

from dashboard.server.answers import language, refuse
from dashboard.server.arrivals import counter
from geodata import report
from geodata.desk import results

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
    """The account of an arrival's last trial, written anew in the reader's language."""
    here = counter()
    city = results.tried(here.home(request.args["a"]), here.data_dir)
    with TemporaryDirectory(prefix="yiping-report-") as folder:
        written = report.write(city, Path(folder), cast("Lang", language()))
        content = {path.name: path for path in written}[name].read_bytes()
    return _handed_out(BytesIO(content), f"yiping-{city.id}-{name}", kind)


def rejected() -> Response:
    """The rows of one file that an arrival's last trial rejected."""
    sheets = results.sheets(counter().home(request.args["a"]))
    name = request.args["file"]
    if name not in sheets:  # what is asked for is only ever compared with the names that are there
        return refuse(HTTPStatus.NOT_FOUND)
    return _handed_out(sheets[name], name, CSV)


def _handed_out(content: BytesIO | Path, name: str, kind: str) -> Response:
    response = send_file(content, kind, as_attachment=True, download_name=name)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-store"
    return response
