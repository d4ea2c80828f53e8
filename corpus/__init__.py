"""What the guidelines say: documents, statements, sources and vocabulary."""
