"""What the providers of one vendor have in common, whether they write or speak."""
