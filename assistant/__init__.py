"""Answering, then checking: nothing that was not checked leaves this package."""
