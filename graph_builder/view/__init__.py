"""HTML pages generated from query results: networks, and what stands beside them."""

from graph_builder.view.site import Site
from graph_builder.view.writing import Written, write_views

__all__ = ["Site", "Written", "write_views"]
