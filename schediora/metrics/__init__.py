"""What a running service counts, and the port on which Prometheus fetches it."""
