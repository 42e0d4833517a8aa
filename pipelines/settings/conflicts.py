"""Settings that exclude each other."""

import re
from typing import TYPE_CHECKING

from pipelines.settings.fields import BadSetting

if TYPE_CHECKING:
    from pipelines.settings.model import Settings

# Other storages have regions such as auto or fr-par.
AWS_REGION = r"([a-z]{2,}(-[a-z]+)+-\d+)?"


def refuse_conflicts(settings: "Settings", has_account: bool) -> None:
    """Raise BadSetting when one setting needs another one or forbids it."""
    if settings.refresh_token and not has_account:
        raise BadSetting(
            "SPOTIFY_REFRESH_TOKEN is set and SPOTIFY_CLIENT_ID is not; a token belongs to one client id: set both"
        )
    if settings.target == "prod" and not settings.lake_url.startswith("s3://"):
        raise BadSetting("TARGET is 'prod', and Athena reads S3 only: set LAKE_URL=s3://bucket/lake (`make infra`)")
    if settings.target == "prod" and settings.s3_endpoint_url:
        raise BadSetting(
            "TARGET is 'prod' and S3_ENDPOINT_URL is set; Athena reads buckets of AWS only: remove one of the two"
        )
    if settings.is_in_cloud and not settings.region and not settings.s3_endpoint_url:
        raise BadSetting("AWS_REGION is not set; write the region of your bucket into .env: AWS_REGION=eu-central-1")
    if not settings.s3_endpoint_url and not re.fullmatch(AWS_REGION, settings.region):
        raise BadSetting(f"AWS_REGION is {settings.region!r}; write it as eu-central-1")
