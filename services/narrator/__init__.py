"""Speaks the script. Consumes script.adapted; publishes audio.ready."""
