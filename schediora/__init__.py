"""Schediora: the backend of a study planner."""
