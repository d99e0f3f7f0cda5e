"""Taking everything along: a student's data as one document, and the same student made from it on another server."""
