"""A city on one sheet for whoever leads it: what is, what stands out, what to ask today."""
