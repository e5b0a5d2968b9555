"""Whether grids fit their load: read, in words, as panels and as a table."""
