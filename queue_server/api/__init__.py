"""The HTTP interface under /api/v1: JSON in, JSON out, and the document that describes it."""
