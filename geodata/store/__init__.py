"""The only modules that touch the disk where the city is kept."""
