"""The leaders' one screen, drilling from district to building."""
