"""The vocabulary; no input or output."""
