"""A token closed with the app's client secret, for a place that others may come to read."""

import base64
import json

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pipelines.spotify.token_store import Tokens


def seal(tokens: Tokens, client_secret: str) -> bytes:
    return _lock(client_secret).encrypt(json.dumps(tokens).encode())


def unseal(sealed: bytes, client_secret: str) -> Tokens | None:
    """None when it was closed with another secret, or changed since."""
    try:
        tokens: Tokens = json.loads(_lock(client_secret).decrypt(sealed))
    except InvalidToken:
        return None
    return tokens


def _lock(client_secret: str) -> Fernet:
    # A client secret is 128 random bits, so a fast derivation is enough; a password would need a slow one.
    derived = HKDF(SHA256(), length=32, salt=None, info=b"spotify-elt: rotated token").derive(client_secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
