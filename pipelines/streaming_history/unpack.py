"""The files of listening history inside an archive. An archive that looks like an attack is refused as a whole.

Archives as Spotify makes them have data descriptors, and an entry for their folder with 11 bytes of content.
"""

import codecs
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from pipelines.streaming_history.archive import HISTORY, NESTED, Archive, chosen, is_hidden
from pipelines.streaming_history.errors import BadExport
from pipelines.streaming_history.json_records import NotRecords, read_records
from pipelines.streaming_history.shapes import Package, package_of

CHUNK = 2**20
# JSON of histories shrinks to a tenth. A file that shrinks to less than a hundredth is no history.
BOMB_BYTES, BOMB_RATIO, ALL_BYTES = 64 * 2**20, 100, 64 * 2**30
HEAD_RECORDS = 20
EMPTY, NO_HISTORY = "it holds no records", "its records are no listening history"
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


@dataclass(frozen=True)
class HistoryFile:
    """A JSON file of listening history. `group` is the folder that it lay in, within its archive."""

    file_id: str
    archive_id: str
    name: str
    path: Path
    package: Package
    group: str

    @property
    def is_video(self) -> bool:
        return "video" in self.name.lower()


@dataclass
class Unpacked:
    files: list[HistoryFile] = field(default_factory=list)
    ignored: list[tuple[str, str]] = field(default_factory=list)


def unpack(archive: Archive, folder: Path) -> Unpacked:
    """The history files of an archive, copied into `folder` where they lie in a zip file. Raises BadExport."""
    try:
        return _unpacked(archive, folder)
    except BadExport as error:
        raise BadExport(str(error), archive.archive_id) from None


def _unpacked(archive: Archive, folder: Path) -> Unpacked:
    found = Unpacked()
    given_alone = archive.files == (archive.path,)
    for number, (name, path) in enumerate(_zipped(archive, folder) if archive.is_zip else _plain(archive, folder)):
        package, reason = _package_in(path, name, given_alone or bool(HISTORY.search(name)))
        base = re.split(r"[/\\]", name)[-1]
        if package:
            group = f"{archive.archive_id} {name.removesuffix(base)}"
            file_id = f"{archive.archive_id[:16]}.{number}"
            found.files.append(HistoryFile(file_id, archive.archive_id, base, path, package, group))
        else:
            found.ignored.append((base, reason))
    if not found.files and not any(reason == EMPTY for _, reason in found.ignored):
        what = (
            "; ".join(f"{name}: {reason}" for name, reason in found.ignored[:3]) or "it holds no JSON file of that kind"
        )
        raise BadExport(
            f"{archive.name} holds no listening history ({what}); give the archive of "
            '"Extended streaming history" or "Account data" as Spotify sent it'
        )
    return found


def _plain(archive: Archive, folder: Path) -> Iterator[tuple[str, Path]]:
    """The files where they are; those with a byte order mark are copied without it, because DuckDB refuses it."""
    for number, path in enumerate(archive.files):
        name = path.name if path == archive.path else str(path.relative_to(archive.path))
        with path.open("rb") as file:
            first = file.read(4)
            file.seek(0)
            if first.startswith(codecs.BOM_UTF8) or b"\0" in first:
                target = folder / f"{archive.archive_id[:16]}.{number}.json"
                _copy(file, target, archive.name, name)
                path = target
        yield name, path


def _zipped(archive: Archive, folder: Path) -> Iterator[tuple[str, Path]]:
    try:
        with zipfile.ZipFile(archive.path) as file:
            entries = [entry for entry in file.infolist() if not entry.is_dir()]
            for entry in file.infolist():
                _refuse_odd(archive, entry)
            entries = [entry for entry in entries if not is_hidden(entry.filename.split("/"))]
            written = 0
            for number in chosen([entry.filename for entry in entries]):
                entry, target = entries[number], folder / f"{archive.archive_id[:16]}.{number}.json"
                # An entry may state any packed size. It cannot have more bytes than the archive.
                packed = min(entry.compress_size, archive.path.stat().st_size)
                with file.open(entry) as content:
                    written += _copy(content, target, archive.name, entry.filename, packed, written)
                yield entry.filename, target
    except BROKEN as error:
        if isinstance(error, OSError) and error.errno:
            raise  # a full disk, or a file that this user may not read
        raise BadExport(
            f"{archive.name} is no whole zip file ({error}); download it again, or unpack it and give the folder"
        ) from None


def _refuse_odd(archive: Archive, entry: zipfile.ZipInfo) -> None:
    """Refuse the archive because of one entry: archives of Spotify hold no such entries."""
    name, parts = entry.filename, re.split(r"[/\\]", entry.filename)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if ".." in parts or parts[0] == "" or re.match(r"[A-Za-z]:", name):
        cause = "a path that leads out of the archive"
    elif kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        cause = "a link, or another entry that is no file"
    elif entry.flag_bits & 0x1:
        cause = "an entry with a password; unpack it and give the folder"
    elif name.lower().endswith(NESTED):
        cause = "another archive; unpack it first, and give the archive inside"
    else:
        return
    raise BadExport(f"{archive.name} is not imported: {name[:200]!r} is {cause}")


def _copy(content: IO[bytes], target: Path, archive: str, name: str, packed: int = 0, before: int = 0) -> int:
    """Copy UTF-8 text without its byte order mark, and return the bytes written. Raises BadExport, BROKEN."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    written = 0
    with target.open("wb") as out:
        while chunk := content.read(CHUNK):
            _refuse_encoding(decoder, chunk, archive, name, is_first=not written)
            written += out.write(chunk.removeprefix(codecs.BOM_UTF8) if not written else chunk)
            if (packed and written > max(BOMB_BYTES, BOMB_RATIO * packed)) or before + written > ALL_BYTES:
                raise BadExport(
                    f"{archive} is not imported: {name[:200]!r} grows to more than {written // 2**20:,} MB from "
                    f"{packed:,} bytes, and no listening history does"
                )
        _refuse_encoding(decoder, b"", archive, name, is_first=False)
    return written


def _refuse_encoding(decoder: codecs.IncrementalDecoder, chunk: bytes, archive: str, name: str, is_first: bool) -> None:
    try:
        if is_first and b"\0" in chunk[:4]:
            raise UnicodeError
        decoder.decode(chunk, final=not chunk)
    except UnicodeError:
        raise BadExport(not_utf8(archive, name)) from None


def not_utf8(archive: str, name: str) -> str:
    where = name if archive == name else f"{name} in {archive}"
    return f"{where} is not UTF-8 text, as Spotify writes it; give the file as Spotify sent it"


def _package_in(path: Path, name: str, is_expected: bool) -> tuple[Package | None, str]:
    """The package of the first records, or the reason why the file is ignored. Raises BadExport for a broken file."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            records = [record for _, record in zip(range(HEAD_RECORDS), read_records(file), strict=False)]
    except UnicodeDecodeError:
        reason, message = "it is no UTF-8 text", not_utf8(name, name)
    except NotRecords:
        reason, message = (
            "it is no JSON list of records",
            f"{name} is no JSON list of records; give the file as Spotify sent it",
        )
    else:
        found = next(filter(None, (package_of(record.value) for record in records)), None)
        return found, "" if found else NO_HISTORY if records else EMPTY
    if is_expected:
        raise BadExport(message)
    return None, reason
