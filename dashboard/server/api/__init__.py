"""Programs speak to the city here: events come in, and cases go out as Open311 has them."""
