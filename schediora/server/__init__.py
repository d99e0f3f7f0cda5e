"""The HTTP server: waitress, told where to listen, how to stop and how much to hold."""
