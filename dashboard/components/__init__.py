"""Pieces of layout used by more than one panel or screen; no callbacks, no queries."""
