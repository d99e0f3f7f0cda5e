"""What there is to learn in a topic: the student's own list, ours, the model's, or openly nothing; and how far they are."""
