"""What a database says of its own schema."""

import peewee

from schediora.db.base import Table


class SchemaRevision(Table):
    """A revision that the database was brought to, for code that is too old to know its file.

    `compatible` says that code which knows only `follows`, the revision before, can work with this schema, too.
    """

    revision = peewee.TextField(primary_key=True)
    follows = peewee.TextField(null=True)
    compatible = peewee.BooleanField()

    class Meta:
        """Written by the migrations, read by `schediora.db.revisions`."""

        table_name = "schema_revisions"
