"""What two or more services need. Closed: a new room here is a decision of its own (docs/adr)."""
