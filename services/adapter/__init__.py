"""Fits the script to its listeners. Consumes script.generated; publishes script.adapted."""
