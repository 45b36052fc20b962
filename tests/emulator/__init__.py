"""An emulator of Snowflake: fakesnow's server with what dbt and this project need beside it."""
