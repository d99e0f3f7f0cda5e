"""The web app: the files that a browser is given."""
