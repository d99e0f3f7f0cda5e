"""Measurements, each run as `python -m benchmarks.<name>` from the top of the repository."""
