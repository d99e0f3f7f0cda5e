"""What makes a good week: which units, in which kinds of work, for how many minutes. Pure: no words, no times."""
