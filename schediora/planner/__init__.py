"""Plans and their sessions: made, placed in time, ticked off and rearranged."""
