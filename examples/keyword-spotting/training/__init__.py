"""Training recipe of the keyword-spotting networks: float, sparse, quantised, and an integer forward pass."""
