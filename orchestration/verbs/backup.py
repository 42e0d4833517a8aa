"""`make restore` and `make backup`: the lake is kept on a branch of a private repository, for users without AWS."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from orchestration import places
from orchestration.exit_codes import Exit
from orchestration.github.api import GitHub
from orchestration.github.data_branch import BRANCH, DataBranch
from orchestration.github.job import current_job
from orchestration.report.console import echo, relative_path
from pipelines import durable
from pipelines.lake import manifest
from pipelines.lake.lock import held
from pipelines.lake.store import Lake
from pipelines.settings import ROOT, BadSetting, Settings
from pipelines.sources import SOURCES
from pipelines.spotify.auth import token_hash
from pipelines.spotify.token_encryption import seal, unseal
from pipelines.spotify.token_store import token_store


def restore(settings: Settings) -> int:
    """Replace the lake by the branch. Raises BadSetting when the lake holds a load that the branch does not hold."""
    lake = _local(settings)
    job = current_job()
    if job.is_here:
        GitHub(job.needed("make restore")).refuse_public()
    branch = DataBranch(ROOT, job)
    if not branch.fetch():
        echo(f"there is no branch {BRANCH} yet; `make backup` creates it")
        return 0
    root = Path(lake.root)
    places.remember(settings.model_copy(update={"is_demo": False}))
    with held(lake, settings.working_dir, "restore"), TemporaryDirectory(dir=root.parent) as folder:
        branch.write_to(Path(folder))
        if more := _completed(lake) - _completed(Lake(folder)):
            raise BadSetting(
                f"{relative_path(lake.root)} holds {len(more)} loads that {BRANCH} does not hold, "
                "so it is not replaced; set another LAKE_URL"
            )
        durable.sync((path for path in Path(folder).rglob("*") if path.is_file()), Path(folder))
        for path in root.iterdir():
            if path.name != ".lock":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for path in Path(folder).iterdir():
            path.rename(root / path.name)
    echo(f"copied {BRANCH} to {relative_path(lake.root)}; next: `make build` for the tables")
    _restore_token(settings, lake)
    return 0


def backup(settings: Settings) -> int:
    """Replace the branch by the lake. Raises Busy when another run wrote the branch since `make restore`."""
    lake = _local(settings)
    job = current_job().needed("make backup")
    GitHub(job).refuse_public()
    with held(lake, settings.working_dir, "backup"):
        is_token_kept = _encrypt_token(settings, lake)
        is_new = DataBranch(ROOT, job).replace_with(Path(lake.root), "Replace the lake; earlier states are not kept")
    folder = relative_path(lake.root)
    echo(f"copied {folder} to {BRANCH}" if is_new else f"{BRANCH} already holds everything in {folder}")
    if not is_token_kept:
        echo("Spotify replaced the refresh token, and without SPOTIFY_CLIENT_SECRET the new one cannot be encrypted.")
        echo("Run `make login` again, then set the secrets SPOTIFY_REFRESH_TOKEN and SPOTIFY_CLIENT_SECRET.")
        return Exit.CONSENT_NEEDED
    return 0


def _completed(lake: Lake) -> set[tuple[str, str]]:
    """Source and id of every complete load."""
    return {(source.name, load_id) for source in SOURCES for load_id in lake.dataset(source.name).completed()}


def _local(settings: Settings) -> Lake:
    lake = Lake(settings.lake_url)
    if not lake.is_local:
        raise BadSetting(f"LAKE_URL is {settings.lake_url}; restore and backup need a lake in a folder, not on S3")
    return lake


def _restore_token(settings: Settings, lake: Lake) -> None:
    """Decrypt the token that Spotify issued in place of SPOTIFY_REFRESH_TOKEN, if the branch holds one."""
    sealed = Path(lake.root) / manifest.ROTATED_TOKEN
    if not (settings.refresh_token and settings.client_secret and sealed.exists()):
        return
    kept = unseal(sealed.read_bytes(), settings.client_secret)
    if kept is None:
        echo("the token on the branch is encrypted with another SPOTIFY_CLIENT_SECRET; SPOTIFY_REFRESH_TOKEN is used")
    elif kept.get("rotated_from") == token_hash(settings.refresh_token):
        token_store(settings.token_file, settings.region).write(kept)


def _encrypt_token(settings: Settings, lake: Lake) -> bool:
    """Encrypt the rotated token into the lake; False when there is one but no client secret to encrypt it with."""
    sealed = Path(lake.root) / manifest.ROTATED_TOKEN
    kept = token_store(settings.token_file, settings.region).read() if settings.refresh_token else {}
    if kept.get("rotated_from") != token_hash(settings.refresh_token):
        lake.remove_json(manifest.ROTATED_TOKEN)
        return True
    if not settings.client_secret:
        return False
    # Encrypting the same token again gives other bytes, which would make a new commit every hour.
    if not sealed.exists() or unseal(sealed.read_bytes(), settings.client_secret) != kept:
        lake.write(str(sealed), seal(kept, settings.client_secret))
    return True
