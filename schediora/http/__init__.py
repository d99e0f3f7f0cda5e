"""The kit under the domains: from HTTP to values and back."""
