"""The planner's desk: its list of scenarios and its page; `assets/planner` paints what changes."""
