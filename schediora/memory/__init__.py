"""What a student knows of a unit, from the sessions in which they studied it: pure, by the FSRS model of forgetting."""
