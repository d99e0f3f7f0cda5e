"""What an outline is, and when one is good enough to be shown to a student."""
