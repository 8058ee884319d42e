"""HTML pages generated from query results: networks, and what stands beside them."""
