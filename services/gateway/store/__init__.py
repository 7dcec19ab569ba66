"""One file per table; all of the gateway's SQL is here. Rows come out as dataclasses."""
