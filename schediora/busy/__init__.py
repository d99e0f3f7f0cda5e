"""The times that a student's own calendar takes up: uploaded once, expanded anew each day, kept clear of."""
