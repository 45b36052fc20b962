"""A plugin of dbt's, which it finds by the name: writes the package for Snowflake before a run.

A hook in SQL can PUT a file, but not make one. Where dbt-snowflake isn't installed nothing is done.
"""

from importlib.util import find_spec

from dbt.plugins.manager import dbtPlugin

from regulars.engines.snowflake_package import write_package
from regulars.gates.suites import suites_folder
from regulars.project import home


class SnowflakePackage(dbtPlugin):  # type: ignore[misc]  # dbt has no types
    """The zip with this project's Python, as it is when dbt starts."""

    def initialize(self) -> None:
        """Writes it to where macros/cross_db/python_package.sql looks for it."""
        if self.project_name == "regulars" and find_spec("dbt.adapters.snowflake"):
            write_package(home() / "target", suites_folder())


plugins = [SnowflakePackage]
