"""Redrawing grid boundaries: a plan says to which grid each atom belongs; see docs/planner.md.

Pure: arrays and shapes in, plans and findings out. Gaps and overlaps cannot be drawn, because
grids are unions of the atoms of one frozen coverage.
"""
