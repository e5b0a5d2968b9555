"""Scenarios of redrawn grids: the ground of a published city, and plans on it as files.

`grounds` gives the atoms of a city, `scenario` the plans that people make on them; see
docs/planner.md.
"""
