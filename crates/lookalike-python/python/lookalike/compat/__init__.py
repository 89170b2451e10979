"""Calls of other packages as existing code makes them, with this library underneath."""
