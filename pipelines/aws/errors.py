"""What AWS refuses, in words that say what to do. Libraries wrap its answer in errors of their own."""

import re

DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403", "Forbidden", "AllAccessDisabled"}
EXPIRED = {
    "ExpiredToken",
    "ExpiredTokenException",
    "RequestExpired",
    "TokenRefreshRequired",
    "TokenRetrievalError",
    "UnauthorizedSSOTokenError",
    "SSOTokenLoadError",
}
NO_CREDENTIALS = {"NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError", "ProfileNotFound"}
UNKNOWN_CREDENTIALS = {
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidToken",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
    "InvalidSignatureException",
}
CLOCK = {"RequestTimeTooSkewed"}
SLOW_DOWN = {
    "SlowDown",
    "503",
    "ServiceUnavailable",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "ProvisionedThroughputExceededException",
}
BROKEN = {"InternalError", "500", "InternalFailure", "InternalServerError", "InternalServerException"}
REGION = {"PermanentRedirect", "301", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"}
UNREACHABLE = {"EndpointConnectionError", "ConnectTimeoutError", "ConnectionClosedError", "ReadTimeoutError"}
SAID = re.compile(r"An error occurred \((\w+)\) when calling the (\w+) operation[^:]*: ([^\n]*)")
# s3fs keeps Amazon's sentence alone.
SENTENCES = {
    "The specified bucket does not exist": "NoSuchBucket",
    "Access Denied": "AccessDenied",
    "The provided token has expired": "ExpiredToken",
    "reduce your request rate": "SlowDown",
    "We encountered an internal error": "InternalError",
    "Unable to locate credentials": "NoCredentialsError",
    "Rate exceeded": "ThrottlingException",
    "Bytes scanned limit was exceeded": "ScanLimit",
}


class Refused(Exception):
    """AWS did not do what it was asked; the message says what to do."""


class WrongPlace(Refused):
    """There is no such bucket, or it is in another region: a setting is wrong."""


def refusal(error: BaseException | str, lake_url: str, region: str) -> Refused | None:
    """AWS's refusal behind an error or a message; None when it has another cause."""
    found = _answer(error)
    if not found:
        return None
    code, operation, message = found
    message = message.rstrip(".")
    what = f"{operation}: {message}" if operation else message
    bucket = "/".join(lake_url.split("/")[:3])
    if code == "NoSuchBucket":
        return WrongPlace(f"there is no bucket {bucket}; check LAKE_URL, or make it: `make infra`")
    if code in REGION:
        return WrongPlace(f"{bucket} is not in AWS_REGION={region}: {message}; set AWS_REGION to the bucket's region")
    if code in DENIED:
        return Refused(f"AWS denies {what}; the role needs what orchestration/terraform grants: `make infra`")
    if code in EXPIRED:
        return Refused(f"the AWS credentials have expired ({message}); log in to AWS again and run again")
    if code in NO_CREDENTIALS:
        return Refused(f"there are no AWS credentials to use ({message}); log in to AWS, or set AWS_PROFILE")
    if code in UNKNOWN_CREDENTIALS:
        return Refused(f"AWS does not know the credentials ({message}); check AWS_PROFILE, or log in to AWS again")
    if code in CLOCK:
        return Refused(f"AWS refuses what this machine's clock says ({message}); set the clock and run again")
    if code in BROKEN:
        return Refused(f"AWS could not do {what}; nothing is lost: run again later")
    if code in SLOW_DOWN:
        return Refused(f"AWS still asks to slow down after several tries ({what}); nothing is lost: run again later")
    if code == "ScanLimit":
        return Refused(
            f"a query would read more than the work group allows ({message}); raise scan_limit_bytes, `make infra`"
        )
    if code in UNREACHABLE:
        return Refused(f"no answer from AWS in region {region}: {message}; check AWS_REGION and the network")
    return None


def _answer(error: BaseException | str) -> tuple[str, str, str] | None:
    """Code, operation and message, from the first error of the chain that has them, else from the words."""
    for each in _chain(error):
        response = getattr(each, "response", None)
        if isinstance(response, dict) and "Error" in response:
            told = response["Error"]
            return str(told.get("Code")), str(getattr(each, "operation_name", "")), str(told.get("Message"))
        if type(each).__module__.startswith(("botocore", "aiobotocore")):
            return type(each).__name__, "", str(each)
    text = str(error)
    if said := SAID.search(text):
        return said[1], said[2], said[3].strip()
    return next(((code, "", sentence) for sentence, code in SENTENCES.items() if sentence in text), None)


def _chain(error: BaseException | str) -> list[BaseException]:
    found: list[BaseException] = []
    next_one = error if isinstance(error, BaseException) else None
    while next_one is not None and next_one not in found:
        found.append(next_one)
        next_one = next_one.__cause__ or next_one.__context__
    return found


def code_of(error: BaseException) -> str:
    """The error code of S3 behind an error of s3fs; empty for an error of another kind."""
    response = getattr(error.__cause__, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))
