"""The wall over plain HTTP: its state, its commands, its remote."""
