"""Signing in: passwords, access tokens, and refresh tokens that rotate."""
