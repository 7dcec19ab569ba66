"""How it is put on machines."""
