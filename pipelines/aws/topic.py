"""A topic of SNS, which sends a message to everybody who subscribed to it, for instance by mail."""

from pipelines.aws.session import AwsSession


def publish(topic: str, subject: str, message: str) -> None:
    """Send a message to the topic with this ARN, which names the region. Raises botocore's errors."""
    region = topic.split(":")[3]
    AwsSession(region).client("sns").publish(TopicArn=topic, Subject=subject, Message=message)
