"""Which units, in which kinds of work and for how many minutes, make a good week: pure, no words and no times of day."""
