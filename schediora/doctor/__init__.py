"""Looking at an installation without changing it: what is well, what is unwise, what is wrong, and what to do."""
