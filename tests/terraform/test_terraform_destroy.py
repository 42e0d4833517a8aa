"""`terraform apply -destroy`.

These tests destroy what the other tests use. pytest runs files in alphabetical order, and this file must be the last.
"""

from tests.terraform.conftest import BUCKET, UNRELATED, Applied


def test_a_bucket_with_objects_is_not_destroyed_by_default(applied: Applied) -> None:
    applied.as_owner("s3").put_object(Bucket=BUCKET, Key="lake/spotify/me/kept.parquet", Body=b"plays")
    code, printed = applied.terraform.run("apply", "-destroy", "-auto-approve", "-input=false")
    assert code != 0
    assert "BucketNotEmpty" in printed
    assert applied.as_owner("s3").head_object(Bucket=BUCKET, Key="lake/spotify/me/kept.parquet")


def test_with_force_destroy_everything_is_destroyed(applied: Applied) -> None:
    # The test above destroyed everything but the bucket. Without -target apply would create it again for a minute.
    options = ("-var=force_destroy=true", "-target=aws_s3_bucket.lake")
    applied.terraform.must("apply", "-auto-approve", "-input=false", *options)
    applied.terraform.must("apply", "-destroy", "-auto-approve", "-input=false")
    assert '"resources": []' in applied.terraform.state
    assert [one["Name"] for one in applied.as_owner("s3").list_buckets()["Buckets"]] == [UNRELATED]
    assert [one["Name"] for one in applied.as_owner("glue").get_databases()["DatabaseList"]] == [UNRELATED]
    assert [one["Name"] for one in applied.as_owner("athena").list_work_groups()["WorkGroups"]] == ["primary"]
    assert applied.as_owner("iam").list_roles()["Roles"] == []
    assert applied.as_owner("iam").list_open_id_connect_providers()["OpenIDConnectProviderList"] == []
    kept = applied.as_owner("ssm").describe_parameters()["Parameters"]
    assert [one["Name"] for one in kept] == [f"/spotify-elt/{UNRELATED}"]
