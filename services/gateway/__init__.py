"""The front door: REST, live progress, downloads. Publishes batches.submitted."""
