"""Everything true about the city; knows nothing of screens."""
