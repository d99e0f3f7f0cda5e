"""The settings: a value that is read once and handed down, never a global."""
