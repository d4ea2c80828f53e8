"""Writing a draft: a drafter turns evidence into claims, and none of it is trusted."""
