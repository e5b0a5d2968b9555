"""Files handed in, looked at, tried and published."""
