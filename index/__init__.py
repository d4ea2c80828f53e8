"""Finding the passage: embeddings, keyword search, and the index built from both."""
