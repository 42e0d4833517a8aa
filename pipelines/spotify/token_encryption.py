"""Tokens encrypted with the client secret of the app, for a place that others may be able to read."""

import base64
import json

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pipelines.spotify.token_store import StoredTokens


def seal(tokens: StoredTokens, client_secret: str) -> bytes:
    return _fernet(client_secret).encrypt(json.dumps(tokens).encode())


def unseal(sealed: bytes, client_secret: str) -> StoredTokens | None:
    """None when another secret encrypted the tokens, or when the bytes were changed."""
    try:
        tokens: StoredTokens = json.loads(_fernet(client_secret).decrypt(sealed))
    except InvalidToken:
        return None
    return tokens


def _fernet(client_secret: str) -> Fernet:
    # A client secret is 128 random bits, so a fast derivation is enough. A password would need a slow one.
    derived = HKDF(SHA256(), length=32, salt=None, info=b"spotify-elt: rotated token").derive(client_secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
