"""What a user reads when the disk is full."""

from pathlib import Path

import duckdb
import pytest

from orchestration.failures import failure_of


def test_a_disk_that_the_working_files_of_duckdb_fill_is_named(tmp_path: Path) -> None:
    with duckdb.connect() as db:
        db.execute("set memory_limit = '24MB'")
        db.execute(f"set temp_directory = '{tmp_path}'")
        db.execute("set max_temp_directory_size = '1MB'")
        with pytest.raises(duckdb.OutOfMemoryException) as raised:
            db.execute("create table t as select uuid() as text from range(2000000)")
    message, _ = failure_of(raised.value, None)
    assert message.startswith("the disk is full: ")
    assert message.endswith("; nothing is lost: free some space and run again")
    assert "\n" not in message
