"""Invented personal data, as an export has them. Nothing of them may reach a table, a message or a log."""

from typing import Any

from pipelines.demo.world.chance import chance, pick
from pipelines.demo.world.play import Play

USER_NAME = "zz-private-user-name"
ADDRESSES = ("203.0.113.77", "198.51.100.23", "2001:db8:7a7a::41")
USER_AGENTS = ("zz-private-user-agent/1.0 (Demo; rv:1)", "zz-private-user-agent/2.0", "unknown", None)
PLACE = {
    "city": "Zz-Privateville",
    "region": "Zz-Private-Region",
    "metro_code": "zz-metro-0",
    "longitude": "12.3456789",
    "latitude": "45.6789123",
}
SERIAL = "9d0zzprivateserial7f"
EMAIL = "zz-private@mail.example"
BIRTH_DATE = "1977-07-07"
STREET = "7 Zz-Private Street"
CARD = "zz-card-4242"
SEARCH = "zz-private-search"

WORDS = (
    USER_NAME,
    *ADDRESSES,
    "zz-private-user-agent",
    *PLACE.values(),
    SERIAL,
    EMAIL,
    BIRTH_DATE,
    STREET,
    CARD,
    SEARCH,
)
"""Texts that only personal data hold. A test looks for each of them."""

ACCOUNT_FILES: dict[str, Any] = {
    "Userdata.json": {"username": USER_NAME, "email": EMAIL, "birthdate": BIRTH_DATE, "country": "GB"},
    "Payments.json": {"payment_method": CARD, "address": STREET},
    "Identifiers.json": {"identifierType": "emailAddress", "identifierValue": EMAIL},
    "SearchQueries.json": [{"platform": "IPHONE", "searchTime": "2026-10-01T09:00:00Z", "searchQuery": SEARCH}],
}
"""The other files of the account's package."""

BEFORE_NOVEMBER_2023 = (
    "Android OS 11 API 30 (samsung, SM-G991B)",
    "iOS 15.6 (iPhone12,8)",
    "Windows 10 (10.0.19045; x64)",
    "OS X 12.5.1 [x86 8]",
    "web_player windows 10;chrome 106.0.0.0;desktop",
    f"Partner amazon_salmon Amazon;Echo_Dot;{SERIAL};;tpa",
)
SINCE = ("android", "ios", "windows", "osx", "web_player", "not_applicable")
"""The text of `platform` for each device, before and since November 2023."""


def of_play(play: Play) -> dict[str, Any]:
    """The personal fields of the record of a play."""
    draw = chance("network", play.ended_at)
    address = pick(draw, ADDRESSES)
    return PLACE | {
        "username": USER_NAME,
        "ip_addr": address,
        "ip_addr_decrypted": address if draw.random() > 0.01 else None,
        "user_agent_decrypted": pick(draw, USER_AGENTS),
    }
