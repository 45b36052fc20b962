"""One compilation for Snowflake, without an account, for all portability tests."""

import importlib.util
import os
from pathlib import Path

import pytest

from tests.structure.project import Manifest, run_dbt

# Python reads a sitecustomize at its start: here it notes and refuses each try to reach a network.
NO_NETWORK = '''"""Notes each try to reach a network, and refuses it."""

import os
import socket


def refuse(*address, **_):
    with open(os.environ["NETWORK_TRIES"], "a") as tries:
        tries.write(f"{address}\\n")
    raise OSError("a compilation must not reach for a network")


socket.getaddrinfo = refuse
socket.socket.connect = refuse
socket.socket.connect_ex = refuse
'''

DUMMY_CREDENTIALS = {
    "SNOWFLAKE_ACCOUNT": "dummy",
    "SNOWFLAKE_USER": "dummy",
    "SNOWFLAKE_PRIVATE_KEY_PATH": "dummy.p8",
    "SNOWFLAKE_ROLE": "dummy",
    "SNOWFLAKE_DATABASE": "DUMMY",
    "SNOWFLAKE_WAREHOUSE": "dummy",
    "SNOWFLAKE_TRAINING_WAREHOUSE": "training",
}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the compilation and its notes go."""
    return tmp_path_factory.mktemp("snowflake")


@pytest.fixture(scope="session")
def no_network(folder: Path) -> dict[str, str]:
    """The environment of a Python without network; it names each try in NETWORK_TRIES."""
    (folder / "sitecustomize.py").write_text(NO_NETWORK)
    return {"PYTHONPATH": str(folder), "NETWORK_TRIES": str(folder / "network_tries")}


@pytest.fixture(scope="session")
def snowflake_manifest(folder: Path, no_network: dict[str, str]) -> Manifest:
    """The manifest with the SQL compiled for Snowflake, staging of every world included."""
    if importlib.util.find_spec("dbt.adapters.snowflake") is None:
        missing = "dbt-snowflake is not installed: pip install -e '.[dev,snowflake]'"
        if os.environ.get("CI"):
            pytest.fail(f"{missing}; CI must not go without these tests", pytrace=False)
        pytest.skip(f"PORTABILITY TO SNOWFLAKE IS NOT TESTED: {missing}")
    return run_dbt(
        ["compile", "--no-introspect", "--no-populate-cache"],
        target="snowflake",
        folder=folder,
        environment={**DUMMY_CREDENTIALS, **no_network},
    )
