"""The wall of a command centre: one state, painted by the browser, moved by the server."""
