"""What there is to learn in a topic: the student's own list, ours or the model's, and how far they have come."""
