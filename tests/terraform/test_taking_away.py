"""Taking it all away. The name of this file makes it the last one: what the others use is gone afterwards."""

from tests.terraform.conftest import BUCKET, NEIGHBOUR, Applied


def test_a_lake_with_data_is_not_destroyed_unless_that_is_said(applied: Applied) -> None:
    applied.as_owner("s3").put_object(Bucket=BUCKET, Key="lake/spotify/me/kept.parquet", Body=b"plays")
    code, printed = applied.terraform.run("apply", "-destroy", "-auto-approve", "-input=false")
    assert code != 0
    assert "BucketNotEmpty" in printed
    assert applied.as_owner("s3").head_object(Bucket=BUCKET, Key="lake/spotify/me/kept.parquet")


def test_said_so_everything_goes(applied: Applied) -> None:
    said = "-var=force_destroy=true"
    # -target only because the rest, which the refused destroy took, would be made again, which takes a minute
    applied.terraform.must("apply", "-auto-approve", "-input=false", said, "-target=module.lake.aws_s3_bucket.this")
    applied.terraform.must("apply", "-destroy", "-auto-approve", "-input=false")
    assert '"resources": []' in applied.terraform.state
    assert [one["Name"] for one in applied.as_owner("s3").list_buckets()["Buckets"]] == [NEIGHBOUR]
    assert [one["Name"] for one in applied.as_owner("glue").get_databases()["DatabaseList"]] == [NEIGHBOUR]
    assert [one["Name"] for one in applied.as_owner("athena").list_work_groups()["WorkGroups"]] == ["primary"]
    assert applied.as_owner("iam").list_roles()["Roles"] == []
    assert applied.as_owner("iam").list_open_id_connect_providers()["OpenIDConnectProviderList"] == []
    kept = applied.as_owner("ssm").describe_parameters()["Parameters"]
    assert [one["Name"] for one in kept] == [f"/spotify-elt/{NEIGHBOUR}"]
