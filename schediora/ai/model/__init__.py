"""Asking a language model on another machine for an outline."""
