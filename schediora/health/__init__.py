"""Whether the process serves, and whether it can."""
