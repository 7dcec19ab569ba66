"""What the product is measured against, on the same machine, in the same minutes."""
