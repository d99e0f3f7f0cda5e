"""When to study: a pure function from what is to be placed and a week to times, with the reasons."""
