"""Foreign files in, checked tables out."""

from geodata.ingest.city import draft_from_profile

__all__ = ["draft_from_profile"]
