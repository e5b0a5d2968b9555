"""Plain HTTP beside Dash: what is too big for a callback, and who may ask for it."""
