"""A seeded, made-up city of three sizes: its land, its cases and a simulated live feed."""
