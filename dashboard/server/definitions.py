"""`/definitions`: what every number means, how it is counted, and what is left out."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from flask import Response, request

from dashboard import access
from dashboard.i18n import TAGS, named, t, titled
from dashboard.i18n.schemes import part_text
from dashboard.place import THEMES, from_query
from dashboard.server.first import head
from geodata.metrics.metric import DONE, Form
from geodata.metrics.registry import ALL
from geodata.metrics.schemes import lost, metric_of, schemes_of, version_of
from geodata.model.profile import Profile

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from geodata.metrics.metric import Metric
    from geodata.model.schemes import Scheme

PATH: Final = "/definitions"
WAYS: Final = ("up", "down", "none")


def install(server: Flask, style: str) -> None:
    """Answer the route; style: the tag of our style sheets."""
    server.add_url_rule(PATH, "definitions", lambda: answer(style))


def answer(style: str) -> Response:
    """The page in the language and theme of its address."""
    here = access.house()
    place = from_query(request.query_string.decode("ascii", "replace"))
    language, theme = place.language or here.language, place.theme or THEMES[0]
    return Response(page(here.profile, style, language, theme), mimetype="text/html")


def page(profile: Profile | None, style: str, language: str, theme: str) -> str:
    """Every metric in the order of the registry, with the targets of the city."""
    title = t("definitions.title", language)
    name = titled(profile, language)
    own = () if profile is None else profile.schemes
    schemes = schemes_of(own)
    lead = t("definitions.lead", language, hash=version_of(own), count=len(ALL))
    city = "" if profile is None else _city(profile, language)
    parts = "".join(_metric(metric, profile, language) for metric in ALL)
    parts += "".join(_scheme(scheme, language) for scheme in schemes)
    index = "".join(
        f'<a href="#{key}">{escape(name)}</a>'
        for key, name in (
            *((metric.key, _name(metric, language)) for metric in ALL),
            *((f"scheme-{scheme.key}", named(scheme, language)) for scheme in schemes),
        )
    )
    way = escape(t("definitions.back", language))
    back = escape("/?" + urlencode({"lang": language, "theme": theme}))
    return (
        f'<!doctype html><html lang="{TAGS[language]}" data-theme="{theme}">'
        '<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)} · {escape(name)}</title>{style}</head><body>"
        f"{head(name, language, theme, PATH)}"
        f'<main class="first definitions"><a href="{back}">{way}</a>'
        f'<h1>{escape(title)}</h1><p class="lead">{escape(lead)}</p>{city}'
        f'<nav class="index" aria-label="{escape(title)}">{index}</nav>{parts}</main></body></html>'
    )


def _city(profile: Profile, language: str) -> str:
    """What this city decides of its own."""
    said = t(
        "definitions.city",
        language,
        name=named(profile, language),
        stage=t(f"stage.{profile.deadline}", language),
        minutes=f"{profile.whistle_min:g}",
    )
    return f'<p class="note">{escape(said)}</p>'


def _metric(metric: Metric, profile: Profile | None, language: str) -> str:
    zh = language == "zh"
    deadline = profile.deadline if profile else Profile.model_fields["deadline"].default
    definition, left_out = metric.told(language, deadline)
    rows = [
        ("definition", definition),
        ("formula", _formula(metric, language, deadline)),
        ("left_out", left_out),
        ("clock", t(f"definitions.clock_{metric.clock}", language)),
        ("source", t(f"definitions.source_{metric.source}", language)),
        ("direction", t(f"definitions.way_{metric.direction}", language)),
    ]
    target = profile.targets.get(metric.key) if profile else None
    if target is not None:
        rows.append(("target", f"{target:g} {metric.unit_zh if zh else metric.unit_en}"))
    if metric.minimum:
        rows.append(("minimum", t("definitions.few", language, n=metric.minimum)))
    said = "".join(
        f"<div><dt>{escape(t(f'definitions.{key}', language))}</dt><dd>{escape(text)}</dd></div>"
        for key, text in rows
    )
    unit = metric.unit_zh if zh else metric.unit_en
    return (
        f'<section class="panel metric" id="{metric.key}"><h2>{escape(_name(metric, language))}'
        f"<small>{escape(unit)} · <code>{metric.key}</code> · v{metric.version}</small></h2>"
        f"<dl>{said}</dl></section>"
    )


def _scheme(scheme: Scheme, language: str) -> str:
    """A scheme with its parts, each leading to the definition of its metric."""
    if gone := lost(scheme):
        cure = t("ranking.gone_cure", language, key=scheme.key)
        parts = f"<div><dt><code>{escape(gone)}</code></dt><dd>{escape(cure)}</dd></div>"
    else:
        parts = _parts(scheme, language)
    kind = t("definitions.scheme", language)
    note = scheme.note_zh if language == "zh" else scheme.note_en
    said = t("ranking.gone_why" if gone else "definitions.scheme_said", language, metric=gone)
    return (
        f'<section class="panel metric" id="scheme-{scheme.key}">'
        f"<h2>{escape(named(scheme, language))}<small>{escape(kind)} · "
        f"<code>{scheme.key}</code></small></h2>"
        f"<p>{escape(said)} {escape(note)}</p><dl>{parts}</dl></section>"
    )


def _parts(scheme: Scheme, language: str) -> str:
    whole = sum(part.weight for part in scheme.parts)
    return "".join(
        f'<div><dt><a href="#{metric_of(part).key}">{escape(_name(metric_of(part), language))}</a>'
        f"</dt><dd>{escape(part_text(part, part.weight / whole, language))}</dd></div>"
        for part in scheme.parts
    )


def _name(metric: Metric, language: str) -> str:
    return metric.name_zh if language == "zh" else metric.name_en


def _formula(metric: Metric, language: str, deadline: str) -> str:
    """What is divided by what, in words, and as the columns of the engine are named."""
    done = DONE[language][deadline]
    words = _divided(metric, lambda name: t(f"formula.{name}", language, done=done))
    names = _divided(metric, str)
    return words if words == names else f"{words} [{names}]"


def _divided(metric: Metric, called: Callable[[str], str]) -> str:
    top = " + ".join(map(called, metric.numerator))
    below = {
        Form.COUNT: "",
        Form.SHARE: " + ".join(map(called, metric.denominator)),
        Form.PER_PEOPLE: f"{called('people')} × 1000",
        Form.PER_AREA: called("area_km2"),
        Form.DEVIATION: f"{called('norm')} − 1",
    }[metric.form]
    if metric.form is Form.SHARE and "+" in below:
        below = f"({below})"
    return f"{top} ÷ {below}" if below else top
