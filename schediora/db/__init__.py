"""The database: opening it, its column types, its schema's history."""
