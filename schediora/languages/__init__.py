"""The languages that Schediora writes in: how each says a day, a length and a number, and sentences in all of them."""
