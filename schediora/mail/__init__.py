"""Mail to students: what is due, the letters with their links, and sending them."""
