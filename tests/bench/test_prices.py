"""Each kind of request and statement has its list price."""

import pytest

from tests.bench.prices import Statement, athena_dollars, s3_dollars

MB = 2**20


@pytest.mark.parametrize(
    ("requests", "dollars"),
    [
        ({"PutObject": 1000}, 0.005),
        ({"ListObjectsV2": 1000, "CopyObject": 1000}, 0.010),
        ({"GetObject": 1000, "HeadObject": 1000}, 0.0008),
        ({"DeleteObject": 1000, "AbortMultipartUpload": 1000}, 0.0),
        ({"DeleteObjects": 1000}, 0.005),
        ({"CreateMultipartUpload": 10, "UploadPart": 980, "CompleteMultipartUpload": 10}, 0.005),
    ],
)
def test_each_kind_of_request_has_its_list_price(requests: dict[str, int], dollars: float) -> None:
    assert s3_dollars(requests) == pytest.approx(dollars, abs=1e-12)


def test_a_statement_costs_at_least_10_megabytes_unless_it_failed_or_reads_nothing() -> None:
    statements = [
        Statement("DML", "SELECT", "SUCCEEDED", 3 * MB),
        Statement("DML", "SELECT", "SUCCEEDED", 50 * MB),
        Statement("DML", "SELECT", "CANCELLED", 20 * MB),
        Statement("DML", "SELECT", "FAILED", 90 * MB),
        Statement("DDL", "CREATE_TABLE", "SUCCEEDED", 0),
    ]
    assert [one.is_billed for one in statements] == [True, True, True, False, False]
    assert athena_dollars(statements) == pytest.approx(80 * MB * 5 / 10**12)
    assert Statement("DDL", "CREATE_TABLE_AS_SELECT", "SUCCEEDED", 0).is_billed
