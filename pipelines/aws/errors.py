"""Errors of AWS, recognised by their codes, with a message that says what to do.

The codes come from the services' API references ("Common Errors", S3 "List of error codes"). For an error that happens
before AWS answers, the code is the name of botocore's exception.
"""

import re
from dataclasses import dataclass

# botocore's own text of an error. dbt passes errors of Athena and Glue on as text only.
TEXT = re.compile(r"An error occurred \((\w+)\) when calling the (\w+) operation[^:]*: ([^\n]*)")
# IAM's text of a refusal. Athena's engine for Hive DDL passes it on inside a text of its own, without an error code.
RIGHT = re.compile(r"not authorized to perform: ([\w-]+:\w+)(?: on resource: ([^\s,;)]+))?")
# Athena cancels a statement over the scan limit without an error code. This is the text of its StateChangeReason.
SCAN_LIMIT = "Bytes scanned limit was exceeded"


class Refused(Exception):
    """AWS refused a request or did not answer. The message says what to do."""


class WrongPlace(Refused):
    """There is no such bucket, or it is in another region: a setting is wrong."""


@dataclass(frozen=True)
class _Kind:
    """One kind of error. `text` may hold the placeholders {what}, {message}, {bucket} and {region}."""

    codes: frozenset[str]
    text: str
    error: type[Refused] = Refused


def _kind(codes: str, text: str, error: type[Refused] = Refused) -> _Kind:
    return _Kind(frozenset(codes.split()), text, error)


KINDS = (
    _kind("NoSuchBucket", "there is no bucket {bucket}; check LAKE_URL, or make it: `make infra`", WrongPlace),
    _kind(
        "PermanentRedirect 301 AuthorizationHeaderMalformed IllegalLocationConstraintException",
        "{bucket} is not in AWS_REGION={region}: {message}; set AWS_REGION to the bucket's region",
        WrongPlace,
    ),
    _kind(
        "AccessDenied AccessDeniedException UnauthorizedOperation 403 Forbidden AllAccessDisabled",
        "AWS denies {what}; the role needs what orchestration/terraform grants: `make infra`",
    ),
    _kind(
        "ExpiredToken ExpiredTokenException RequestExpired TokenRefreshRequired TokenRetrievalError "
        "UnauthorizedSSOTokenError SSOTokenLoadError",
        "the AWS credentials have expired ({message}); log in to AWS again and run again",
    ),
    _kind(
        "NoCredentialsError PartialCredentialsError CredentialRetrievalError ProfileNotFound",
        "there are no AWS credentials to use ({message}); log in to AWS, or set AWS_PROFILE",
    ),
    _kind(
        "InvalidAccessKeyId InvalidClientTokenId InvalidToken SignatureDoesNotMatch UnrecognizedClientException "
        "InvalidSignatureException",
        "AWS does not know the credentials ({message}); check AWS_PROFILE, or log in to AWS again",
    ),
    _kind("RequestTimeTooSkewed", "the clock of this machine is wrong ({message}); set the clock and run again"),
    _kind(
        "InternalError 500 InternalFailure InternalServerError InternalServerException",
        "AWS could not do {what}; nothing is lost: run again later",
    ),
    _kind(
        "SlowDown 503 ServiceUnavailable Throttling ThrottlingException TooManyRequestsException RequestLimitExceeded "
        "ProvisionedThroughputExceededException",
        "AWS still asks to slow down after several tries ({what}); nothing is lost: run again later",
    ),
    _kind(
        "SSLError",
        "the certificate of AWS is not trusted ({message}); where a company opens TLS, set AWS_CA_BUNDLE to a file "
        "with its certificates",
    ),
    _kind(
        "ProxyConnectionError InvalidProxiesConfigError",
        "the proxy gives no connection to AWS ({message}); check HTTPS_PROXY and the proxy",
    ),
    _kind(
        "EndpointConnectionError ConnectTimeoutError ConnectionClosedError ReadTimeoutError",
        "no answer from AWS in region {region}: {message}; check AWS_REGION and the network",
    ),
    _kind(
        "ScanLimit",
        "a query would read more than the work group allows ({message}); raise scan_limit_bytes, `make infra`",
    ),
)


def refusal(error: BaseException | str, lake_url: str, region: str) -> Refused | None:
    """The refusal of AWS behind an error with its causes, or in a text. None when the error does not come from AWS."""
    found = _in_chain(error) if isinstance(error, BaseException) else None
    code, operation, message = found or _in_text(str(error))
    kind = next((kind for kind in KINDS if code in kind.codes), None)
    if kind is None:
        return None
    message = message.rstrip(".")
    what = f"{operation}: {message}" if operation else message
    bucket = "/".join(lake_url.split("/")[:3])
    return kind.error(kind.text.format(what=what, message=message, bucket=bucket, region=region))


def _in_chain(error: BaseException) -> tuple[str, str, str] | None:
    """Code, operation and message of the first error with a code. s3fs and dlt keep the error of botocore as cause."""
    seen: list[BaseException] = []
    each: BaseException | None = error
    while each is not None and each not in seen:
        seen.append(each)
        response = getattr(each, "response", None)
        if isinstance(response, dict) and "Error" in response:
            answer = response["Error"]
            return str(answer.get("Code")), str(getattr(each, "operation_name", "")), str(answer.get("Message"))
        if type(each).__module__.startswith(("botocore", "aiobotocore")):
            return type(each).__name__, "", str(each)
        # dlt raises some errors of a load job without a cause and keeps it in `client_exception`.
        each = each.__cause__ or getattr(each, "client_exception", None) or each.__context__
    return None


def cause_ends_at(text: str) -> int:
    """Where the words end that name AWS's refusal, so that a shortened text can keep them; 0 if there is no refusal."""
    if found := TEXT.search(text):
        return min(found.end(), found.start(3) + 300)  # botocore's message has no end mark
    if found := RIGHT.search(text):
        return found.end()
    return text.find(SCAN_LIMIT) + len(SCAN_LIMIT) if SCAN_LIMIT in text else 0


def _in_text(text: str) -> tuple[str, str, str]:
    if found := TEXT.search(text):
        return found[1], found[2], found[3].strip()
    if found := RIGHT.search(text):
        return "AccessDenied", found[1], found[2] or "the message names no resource"
    return ("ScanLimit", "", SCAN_LIMIT) if SCAN_LIMIT in text else ("", "", "")


def code_of(error: BaseException) -> str:
    """The error code of S3 behind an error of s3fs; empty for an error of another kind."""
    response = getattr(error.__cause__, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))
