"""Packages that the lock takes in another version than a package asks for."""

from types import SimpleNamespace

from dbt.adapters.athena.impl import AthenaAdapter


def test_dbt_athena_hashes_with_the_newer_mmh3_as_iceberg_specifies() -> None:
    # Iceberg, table spec, appendix B: 34 as a long hashes to 2017239379, the text "iceberg" to 1210000089.
    everything = 2**31
    adapter = SimpleNamespace(INTEGER_MAX_VALUE_32_BIT_SIGNED=AthenaAdapter.INTEGER_MAX_VALUE_32_BIT_SIGNED)
    assert AthenaAdapter.murmur3_hash(adapter, 34, everything) == 2017239379
    assert AthenaAdapter.murmur3_hash(adapter, "iceberg", everything) == 1210000089
