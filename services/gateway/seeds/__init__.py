"""The names that this product was first described with, in Portuguese, and what they stand for."""
