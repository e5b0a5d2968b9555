"""One department's own arrangement of the page: where its time goes, what waits, who returns."""
