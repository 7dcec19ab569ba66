"""One service as a process: its Kafka, its health, its work."""
