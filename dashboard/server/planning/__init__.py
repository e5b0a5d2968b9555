"""The planner's desk over plain HTTP: its pages, its scenarios as JSON, work that takes a while."""
