"""Which permissions an AWS call asks for: a botocore operation with its parameters as IAM actions on resources.

From the service authorization reference. What is not listed here is refused, so that a record is never too short.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

Parameters = Mapping[str, Any]


class Permission(NamedTuple):
    """`s3:GetObject` on `arn:aws:s3:::BUCKET/lake/.lock`."""

    action: str
    resource: str


class UnknownCall(Exception):
    """An operation whose permissions nobody has looked up yet; add it here."""


ACCOUNT = "123456789012"
REGION = "eu-central-1"
GLUE = f"arn:aws:glue:{REGION}:{ACCOUNT}"

ON_BUCKET = {
    "GetBucketLocation": "GetBucketLocation",
    "HeadBucket": "ListBucket",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListObjectVersions": "ListBucketVersions",
    "CreateBucket": "CreateBucket",
}
ON_OBJECT = {
    "AbortMultipartUpload": "AbortMultipartUpload",
    "CompleteMultipartUpload": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "DeleteObject": "DeleteObject",
    "GetObject": "GetObject",
    "HeadObject": "GetObject",
    "ListParts": "ListMultipartUploadParts",
    "PutObject": "PutObject",
    "UploadPart": "PutObject",
}
COPIES = {"CopyObject", "UploadPartCopy"}
# Each of these would ask for one more permission
REFUSED_PARAMETERS = {"ACL", "Tagging", "VersionId", "GrantRead", "GrantFullControl", "ObjectLockMode"}

ON_DATABASE = {"GetDatabase", "CreateDatabase", "DeleteDatabase"}
ON_TABLE = {
    "BatchCreatePartition",
    "BatchDeletePartition",
    "BatchGetPartition",
    "CreatePartition",
    "CreateTable",
    "DeletePartition",
    "DeleteTable",
    "DeleteTableVersion",
    "GetPartition",
    "GetPartitions",
    "GetTable",
    "GetTables",
    "GetTableVersions",
    "UpdatePartition",
    "UpdateTable",
}
ON_WORK_GROUP = {"GetQueryExecution", "GetQueryResults", "GetWorkGroup", "StartQueryExecution", "StopQueryExecution"}
ON_PARAMETER = {"GetParameter", "PutParameter", "DeleteParameter"}


def permissions(service: str, operation: str, parameters: Parameters, work_group: str) -> set[Permission]:
    """All that the call asks for, with account, region and bucket made general. Raises UnknownCall."""
    asked = ASKED.get(service)
    if asked is None:
        raise UnknownCall(f"{service}.{operation}")
    return {Permission(action, resource) for action, resource in asked(operation, parameters, work_group)}


def _s3(operation: str, parameters: Parameters, work_group: str) -> Iterator[tuple[str, str]]:
    if refused := REFUSED_PARAMETERS & set(parameters):
        raise UnknownCall(f"s3.{operation} with {', '.join(sorted(refused))}")
    if operation in ON_BUCKET:
        yield f"s3:{ON_BUCKET[operation]}", "arn:aws:s3:::BUCKET"
    elif operation in ON_OBJECT:
        yield f"s3:{ON_OBJECT[operation]}", _object(parameters["Key"])
        if "IfMatch" in parameters:  # a write on the condition of what is there reads what is there
            yield "s3:GetObject", _object(parameters["Key"])
    elif operation in COPIES:
        source = parameters["CopySource"]
        key = source["Key"] if isinstance(source, Mapping) else source.lstrip("/").partition("/")[2]
        yield "s3:GetObject", _object(key)
        yield "s3:PutObject", _object(parameters["Key"])
    elif operation == "DeleteObjects":
        for one in parameters["Delete"]["Objects"]:
            yield "s3:DeleteObject", _object(one["Key"])
    elif operation == "ListBuckets":
        yield "s3:ListAllMyBuckets", "*"
    else:
        raise UnknownCall(f"s3.{operation}")


def _object(key: str) -> str:
    """The lake's own few records by name, everything else by its folder."""
    folder = re.match(r"lake/spotify/|tables/|athena-results/", key)
    return f"arn:aws:s3:::BUCKET/{f'{folder[0]}*' if folder else key}"


def _glue(operation: str, parameters: Parameters, work_group: str) -> Iterator[tuple[str, str]]:
    """Whoever asks for a table needs the permission on its database and on the catalogue, too."""
    if operation == "GetDatabases":
        resources = [f"{GLUE}:catalog"]
    elif operation in ON_DATABASE:
        name = parameters["Name"] if "Name" in parameters else parameters["DatabaseInput"]["Name"]
        resources = [f"{GLUE}:catalog", f"{GLUE}:database/{name}"]
    elif operation in ON_TABLE:
        database = parameters["DatabaseName"]
        resources = [f"{GLUE}:catalog", f"{GLUE}:database/{database}", f"{GLUE}:table/{database}/*"]
    else:
        raise UnknownCall(f"glue.{operation}")
    for resource in resources:
        yield f"glue:{operation}", resource


def _athena(operation: str, parameters: Parameters, work_group: str) -> Iterator[tuple[str, str]]:
    if operation not in ON_WORK_GROUP:
        raise UnknownCall(f"athena.{operation}")
    name = parameters.get("WorkGroup", work_group)
    yield f"athena:{operation}", f"arn:aws:athena:{REGION}:{ACCOUNT}:workgroup/{name}"


def _ssm(operation: str, parameters: Parameters, work_group: str) -> Iterator[tuple[str, str]]:
    if operation not in ON_PARAMETER:
        raise UnknownCall(f"ssm.{operation}")
    yield f"ssm:{operation}", f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/{parameters['Name'].lstrip('/')}"


def _sts(operation: str, parameters: Parameters, work_group: str) -> Iterator[tuple[str, str]]:
    """Who am I is answered to everybody, and a web identity asks before it has any permission."""
    if operation not in {"GetCallerIdentity", "AssumeRoleWithWebIdentity"}:
        raise UnknownCall(f"sts.{operation}")
    yield from ()


ASKED: dict[str, Callable[[str, Parameters, str], Iterator[tuple[str, str]]]] = {
    "s3": _s3,
    "glue": _glue,
    "athena": _athena,
    "ssm": _ssm,
    "sts": _sts,
}
