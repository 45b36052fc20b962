"""A Snowflake account, where there is one."""
