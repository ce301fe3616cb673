"""The index over parts of words: FTS5's trigrams on SQLite, pg_trgm on PostgreSQL.

On SQLite triggers keep it. A later migration that rebuilds search_entry there drops them and must run this again.
"""

from django.db import migrations

SQLITE = [
    "CREATE INDEX entry_by_head ON search_entry (kind, head)",
    "CREATE VIRTUAL TABLE search_text USING fts5("
    "folded, content='search_entry', content_rowid='id', tokenize='trigram case_sensitive 1', detail=none)",
    "CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN"
    " INSERT INTO search_text (rowid, folded) VALUES (new.id, new.folded); END",
    "CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entry BEGIN"
    " INSERT INTO search_text (search_text, rowid, folded) VALUES ('delete', old.id, old.folded); END",
    "CREATE TRIGGER search_entry_changed AFTER UPDATE OF folded ON search_entry WHEN old.folded IS NOT new.folded BEGIN"
    " INSERT INTO search_text (search_text, rowid, folded) VALUES ('delete', old.id, old.folded);"
    " INSERT INTO search_text (rowid, folded) VALUES (new.id, new.folded); END",
    "INSERT INTO search_text (search_text) VALUES ('rebuild')",
]
POSTGRESQL = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    'CREATE INDEX entry_by_head ON search_entry (kind, head COLLATE "C")',
    "CREATE INDEX entry_by_part ON search_entry USING gin (folded gin_trgm_ops)",
    "ALTER TABLE search_entry ALTER COLUMN folded SET STATISTICS 1000",
]
UNDO = {
    "sqlite": [
        "DROP TRIGGER search_entry_changed",
        "DROP TRIGGER search_entry_removed",
        "DROP TRIGGER search_entry_added",
        "DROP TABLE search_text",
        "DROP INDEX entry_by_head",
    ],
    "postgresql": ["DROP INDEX entry_by_part", "DROP INDEX entry_by_head"],
}


def build(apps, editor):
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement)


def drop(apps, editor):
    for statement in UNDO[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(build, drop)]
