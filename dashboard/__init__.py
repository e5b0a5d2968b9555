"""Everything seen on a screen."""
