"""The permissions that an AWS call needs: a botocore operation and its parameters, as IAM actions on resources.

The source is AWS's service authorization reference. An operation that is missing here raises UnknownCall, so that the
list of recorded calls is never too short.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from tests.simulators.aws.terraform_account import NUMBER, REGION

Parameters = Mapping[str, Any]


class Permission(NamedTuple):
    """`s3:GetObject` on `arn:aws:s3:::BUCKET/lake/.lock`."""

    action: str
    resource: str


class UnknownCall(Exception):
    """This module does not know the permissions of an operation. Look them up and add them."""


GLUE = f"arn:aws:glue:{REGION}:{NUMBER}"

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
# Each of these parameters needs one more permission.
REFUSED_PARAMETERS = {"ACL", "Tagging", "VersionId", "GrantRead", "GrantFullControl", "ObjectLockMode"}

ON_CATALOG = {"GetCatalog", "GetCatalogs", "GetDatabases"}
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
ON_DATA_CATALOG = {"GetDataCatalog"}
ON_WORK_GROUP = {"GetQueryExecution", "GetQueryResults", "GetWorkGroup", "StartQueryExecution", "StopQueryExecution"}
ON_PARAMETER = {"GetParameter", "PutParameter", "DeleteParameter"}


def permissions(service: str, operation: str, parameters: Parameters, work_group: str) -> set[Permission]:
    """All permissions that a call needs.

    The result names the bucket BUCKET and the account and region of the tests, whatever the call names.
    `work_group` is the work group of an Athena call that does not name one. Raises UnknownCall.
    """
    needed = BY_SERVICE.get(service)
    if needed is None:
        raise UnknownCall(f"{service}.{operation}")
    return {Permission(action, resource) for action, resource in needed(operation, parameters, work_group)}


def _s3(operation: str, parameters: Parameters, work_group: str) -> Iterator[tuple[str, str]]:
    if refused := REFUSED_PARAMETERS & set(parameters):
        raise UnknownCall(f"s3.{operation} with {', '.join(sorted(refused))}")
    if operation in ON_BUCKET:
        yield f"s3:{ON_BUCKET[operation]}", "arn:aws:s3:::BUCKET"
    elif operation in ON_OBJECT:
        yield f"s3:{ON_OBJECT[operation]}", _object(parameters["Key"])
        if "IfMatch" in parameters:  # a conditional write also needs the permission to read
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
    """The folder of a source, of the dbt tables or of the query results; a file directly in the lake by its name."""
    folder = re.match(r"lake/[^/]+/|tables/|athena-results/", key)
    return f"arn:aws:s3:::BUCKET/{f'{folder[0]}*' if folder else key}"


def _glue(operation: str, parameters: Parameters, work_group: str) -> Iterator[tuple[str, str]]:
    """A call for a table also needs the permission on the database and on the catalogue."""
    if operation in ON_CATALOG:
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
    if operation in ON_DATA_CATALOG:
        resource = f"datacatalog/{parameters['Name']}"
    elif operation in ON_WORK_GROUP:
        resource = f"workgroup/{parameters.get('WorkGroup', work_group)}"
    else:
        raise UnknownCall(f"athena.{operation}")
    yield f"athena:{operation}", f"arn:aws:athena:{REGION}:{NUMBER}:{resource}"


def _ssm(operation: str, parameters: Parameters, work_group: str) -> Iterator[tuple[str, str]]:
    if operation not in ON_PARAMETER:
        raise UnknownCall(f"ssm.{operation}")
    yield f"ssm:{operation}", f"arn:aws:ssm:{REGION}:{NUMBER}:parameter/{parameters['Name'].lstrip('/')}"


def _sts(operation: str, parameters: Parameters, work_group: str) -> Iterator[tuple[str, str]]:
    """Neither operation needs a permission."""
    if operation not in {"GetCallerIdentity", "AssumeRoleWithWebIdentity"}:
        raise UnknownCall(f"sts.{operation}")
    yield from ()


BY_SERVICE: dict[str, Callable[[str, Parameters, str], Iterator[tuple[str, str]]]] = {
    "s3": _s3,
    "glue": _glue,
    "athena": _athena,
    "ssm": _ssm,
    "sts": _sts,
}
