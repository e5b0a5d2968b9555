"""A day of a city's history played into a running server, as its systems would have sent it."""
