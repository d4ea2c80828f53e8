"""What a hospital could use in our place, asked the same questions and judged by the same rules."""
