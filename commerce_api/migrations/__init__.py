"""The schema's history, one line: each file follows the one before it. Written by foundation/db/make_migration.py."""
