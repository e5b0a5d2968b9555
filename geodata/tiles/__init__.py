"""Bytes for the map."""
