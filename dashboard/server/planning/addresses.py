"""The addresses of the planner, each with what it may be asked; what bodies say is in `bodies`."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from dashboard.place import THEMES
from dashboard.server import checks
from dashboard.server.route import PLAN, READ, WRITE, Route

ENCODINGS: Final = ("utf-8", "gbk")  # of a Shapefile
LOOK: Final = {"lang": checks.language, "theme": checks.one_of(THEMES)}
ONE: Final = {"plan": checks.key}
# What a body of these may say is in `planning.bodies`.
STEPS: Final = ("do", "try", "undo", "redo", "branch", "carry", "merge", "comment", "move")
PLANS: Final = tuple(
    replace(route, right=PLAN)
    for route in (
        Route("/plan", query=LOOK, lenient=True),
        Route("/plan/<plan>", ONE, {**LOOK, "at": checks.code}, lenient=True),
        Route(
            "/api/plans", query={"at": checks.code, "lang": checks.language}, methods=READ | WRITE
        ),
        *(
            Route(f"/api/plans/<plan>/{part}", ONE, {"at": checks.code, "lang": checks.language})
            for part in ("land", "state", "impact")
        ),
        *(
            Route(f"/api/plans/<plan>/{part}", ONE, {"lang": checks.language})
            for part in ("head", "history", "ready")
        ),
        *(
            Route(f"/api/plans/<plan>/{step}", ONE, {"lang": checks.language}, methods=WRITE)
            for step in STEPS
        ),
        Route(
            "/api/plans/<plan>/jobs",
            ONE,
            {"at": checks.code, "lang": checks.language},
            methods=READ | WRITE,
        ),
        Route(
            "/api/plans/<plan>/jobs/<job>", {**ONE, "job": checks.key}, {"lang": checks.language}
        ),
        *(
            Route(
                f"/api/plans/<plan>/jobs/<job>/{act}",
                {**ONE, "job": checks.key},
                {"lang": checks.language},
                methods=WRITE,
            )
            for act in ("stop", "take")
        ),
    )
)

OUTWARD: Final = tuple(
    replace(route, right=PLAN)
    for route in (
        *(
            Route(
                rule,
                {**ONE, name: checks.file},
                {
                    "at": checks.code,
                    "lang": checks.language,
                    "encoding": checks.one_of(ENCODINGS),
                },
            )
            for rule, name in (
                ("/export/plan/<plan>.<kind>", "kind"),
                ("/export/plan/<plan>/<sheet>", "sheet"),
            )
        ),
        Route("/plan/<plan>/shown", ONE, {**LOOK, "at": checks.code}),
        Route("/api/plans/<plan>/law", ONE, {"lang": checks.language}, methods=READ | WRITE),
        Route(
            "/api/plans/<plan>/import",
            ONE,
            {
                "name": checks.words(256),
                "do": checks.one_of(("try", "take")),
                "cut": checks.one_of(("auto", "yes", "no")),
                "seen": checks.words(64),
                "at": checks.code,
                "lang": checks.language,
                **dict.fromkeys(("crs", "encoding", "layer", "column"), checks.words(128)),
            },
            methods=READ | WRITE,
        ),
    )
)
