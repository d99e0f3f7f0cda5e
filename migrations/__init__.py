"""The history of the schema, made by Alembic from the models."""
