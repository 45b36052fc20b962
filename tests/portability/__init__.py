"""The models compile for Snowflake, and hold nothing that only DuckDB understands."""
