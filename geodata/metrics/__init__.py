"""Numbers on the screens, each defined once."""
