"""The colours only the map needs, in both themes."""

from typing import Final

_NAMES: Final = (
    *("ground", "halo", "gap", "border", "edge", "disc", "disc-ink"),
    *("water", "shore", "park", "wood", "lawn", "tree", "path", "wall", "track", "pitch"),
    *("runway", "taxiway", "apron", "terminal"),
    *("thin-minor", "thin-major", "thin-motorway", "rail"),
    *("road-casing", "road-lane", "road-local", "road-secondary", "road-arterial", "road-motorway"),
    *("block-home", "block-tower", "block-old", "block-village", "block-commerce"),
    *("block-school", "block-hospital", "block-office", "block-industry", "block-site"),
    *("block-farm", "block-airport", "block-park", "block-other", "block-edge"),
    *("house-slab", "house-mid", "house-tower", "house-old", "house-village", "house-mall"),
    *("house-low", "house-factory", "house-school", "house-hospital", "house-office"),
    *("house-edge", "shadow"),
)

_DARK: Final = """
#141F31 #0E1624 #0E1624 #B3C0D4 #6FC2B3 #0E1624 #FFFFFF
#0B2239 #2F5F8F #1C3F36 #17322F #1B3336 #25503F #48615F #4A5A74 #5B3A3A #2B5A41
#5B6B85 #3F4D64 #333F54 #8FA3C4
#3C465A #7A869A #C9D3E3 #93A3BB
#0E1624 #2E4048 #2E3E58 #3B4D6B #52678A #7C8FAE
#1E2B42 #22324E #2A2C3F #1A2C30 #33304A
#2C3350 #30304F #2A3550 #242A36 #232833
#14262B #1B222E #1C3F36 #1A2536 #161F30
#5F7192 #7788A6 #B4C4DF #5A5565 #59584F #6A5F86
#465876 #4B5260 #8A8355 #95646F #8FA0BC
#0E1624 #0E1624
"""
_LIGHT: Final = """
#FFFFFF #FFFFFF #FFFFFF #3E4D63 #0C4650 #142033 #FFFFFF
#BFD9EE #86B4D8 #CFE5CC #DCEBD8 #D6E6CF #9CC79B #A9BFA6 #A3ADBE #D9A79A #9CCB98
#8B95A5 #B4BCC8 #C6CCD6 #7A879C
#C9CFD9 #8E99A9 #5A6B84 #536276
#BAC3D0 #FFFFFF #FFFFFF #FFFFFF #FBE9B8 #F3C98B
#E8EAF1 #E2E6F0 #EEE6E2 #EEEDE0 #EFE0E4
#E8E6CF #F0DDDD #E0E4EE #E3E2E6 #E8E4DC
#EAF0E2 #DFE2E8 #CFE5CC #ECEEF3 #D5DAE3
#B2BBC9 #A3ADBE #808DA3 #D3C2B8 #CFC8AE #D3B9C6
#C9D0DB #C5C3C7 #D8CE93 #E0A9A9 #98A4B7
#7C879A #8C97A8
"""

MAP_TOKENS: Final[dict[str, dict[str, str]]] = {
    theme: {f"map-{name}": hue for name, hue in zip(_NAMES, hues.split(), strict=True)}
    for theme, hues in (("dark", _DARK), ("light", _LIGHT))
}
"""Theme → token → `#RRGGBB`; the style sheet and `assets/map/colours.js` know them by name."""
