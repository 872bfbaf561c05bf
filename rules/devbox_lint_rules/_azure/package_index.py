"""The packages of WinGet's public source, from the index that winget itself downloads; no sign-in, and no id is sent.

The address and the form are those of winget 1.10 and later: `source2.msix` is a zip file with a database of SQLite in
it (microsoft/winget-cli: `SourceList.cpp`, `PreIndexedPackageSourceFactory.cpp`, `Schema/2_0/PackagesTable.h`). It
has a row for each package, with the hash of a file that has its versions (`PackageVersionDataManifest.cpp`), which is
YAML that the Compression API of Windows has compressed (MSZIP, [MS-MCI]).
"""

from __future__ import annotations

import hashlib
import io
import re
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote

from devbox_lint.source import SourceFile
from devbox_lint.yaml import nodes
from devbox_lint.yaml.parse import parse
from devbox_lint_rules._azure.clouds import PACKAGES_HOST
from devbox_lint_rules._azure.connection import Connection
from devbox_lint_rules._azure.memory import Memory
from devbox_lint_rules._azure.unanswered import UnansweredError
from devbox_lint_rules.keyvault._answers import PackageAnswer

_BASE = f"https://{PACKAGES_HOST}/cache"
_DATABASE = "Public/index.db"
#: The most bytes of a file once it is unpacked; today's index has about 15.
_LARGEST_INDEX = 128 * 1024 * 1024
_LARGEST_VERSIONS = 4 * 1024 * 1024
#: The first four bytes of what the Compression API writes, the number of MSZIP there, and the length of the head.
_MAGIC = b"\x0aQ\xe5\xc0"
_MSZIP = 2
_HEAD = struct.Struct("<4sHBBQQ")
_CHUNK = struct.Struct("<I")
_WINDOW = 32 * 1024


class _Known(NamedTuple):
    """A package of the index: its id as it is written, its newest version, and the hash of the file of its versions."""

    id: str
    newest: str
    digest: bytes


class PackageIndex:
    """The packages by their ids; each method may be called from any thread and raises :class:`UnansweredError`."""

    def __init__(self, connection: Connection, memory: Memory) -> None:
        self._connection = connection
        self._memory = memory

    def read(self) -> None:
        """See to it that the index is there."""
        self._packages()

    def package(self, name: str, version: str) -> PackageAnswer:
        """What is known of the package with this id, in any case, and of a version of it, empty for any."""
        known = self._packages().get(name.lower())
        if known is None:
            return PackageAnswer(False)
        if not version or folded(version) == folded(known.newest):
            return PackageAnswer(True, True, known.id, known.newest)
        return PackageAnswer(True, folded(version) in self._versions(known), known.id, known.newest)

    def _packages(self) -> Mapping[str, _Known]:
        return self._memory.get(("package index",), self._ask_for_packages)

    def _ask_for_packages(self) -> Mapping[str, _Known]:
        data = self._get("source2.msix")
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                if package.getinfo(_DATABASE).file_size > _LARGEST_INDEX:
                    raise ValueError("too large")
                database = package.read(_DATABASE)
            found = {known.id.lower(): known for known in _rows(database)}
        except (ValueError, KeyError, zipfile.BadZipFile, zlib.error, sqlite3.Error, EOFError, NotImplementedError):
            found = {}
        if not found:
            raise UnansweredError(f"the index of `{PACKAGES_HOST}` cannot be read")
        return found

    def _versions(self, known: _Known) -> frozenset[tuple[tuple[int, str], ...]]:
        return self._memory.get(("package versions", known.id), lambda: self._ask_for_versions(known))

    def _ask_for_versions(self, known: _Known) -> frozenset[tuple[tuple[int, str], ...]]:
        data = self._get(f"packages/{quote(known.id, safe='')}/{known.digest.hex()[:8]}/versionData.mszyml")
        try:
            if hashlib.sha256(data).digest() != known.digest:
                raise ValueError("another file")
            found = frozenset(map(folded, _versions_in(unpacked(data, _LARGEST_VERSIONS))))
        except (ValueError, zlib.error, struct.error):
            found = frozenset()
        if not found:
            raise UnansweredError(f"the versions of `{known.id}` at `{PACKAGES_HOST}` cannot be read")
        return found

    def _get(self, path: str) -> bytes:
        reply = self._connection.ask(f"{_BASE}/{path}")
        if reply.status != 200:
            raise UnansweredError(f"`{PACKAGES_HOST}` answers with status {reply.status}")
        return reply.data


def _rows(database: bytes) -> list[_Known]:
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(database)
        rows = connection.execute("SELECT id, latest_version, hash FROM packages").fetchall()
    finally:
        connection.close()
    return [
        _Known(name, newest, digest)
        for name, newest, digest in rows
        if isinstance(name, str) and isinstance(newest, str) and isinstance(digest, bytes)
    ]


def unpacked(data: bytes, most: int) -> bytes:
    """What the Compression API has compressed with MSZIP; raises ValueError, zlib.error or struct.error.

    A head tells the whole length. After it comes each chunk of up to 32 kB: its compressed length in four bytes, `CK`,
    and a deflated stream that goes on with the window of what came before.
    """
    magic, head, _, algorithm, length, _ = _HEAD.unpack_from(data)
    if magic != _MAGIC or head != _HEAD.size or algorithm & 0xF != _MSZIP or length > most:
        raise ValueError("not MSZIP")
    out = bytearray()
    place = head
    while len(out) < length:
        (size,) = _CHUNK.unpack_from(data, place)
        chunk = data[place + _CHUNK.size : place + _CHUNK.size + size]
        if not chunk.startswith(b"CK"):
            raise ValueError("not a chunk of MSZIP")
        out += zlib.decompressobj(-zlib.MAX_WBITS, zdict=bytes(out[-_WINDOW:])).decompress(chunk[2:], _WINDOW)
        place += _CHUNK.size + size
    return bytes(out)


def _versions_in(text: bytes) -> list[str]:
    root = parse(SourceFile.from_bytes("versionData.yml", text)).root
    entries = root.sequence("vD") if isinstance(root, nodes.Mapping) else None
    items = entries.items if entries is not None else ()
    versions = (item.scalar("v") for item in items if isinstance(item, nodes.Mapping))
    return [version.value for version in versions if version is not None]


def folded(version: str) -> tuple[tuple[int, str], ...]:
    """A version so that two that winget takes for the same are equal: `1.0`, `v1` and `1.0.0`.

    As in winget-cli, `AppInstallerSharedLib/Versions.cpp`: what is before the first digit goes unless there is a dot
    before it, each part is a number and what follows it, in any case, and parts of nothing at the end do not count.
    """
    text = version.strip()
    digit = re.search(r"[0-9]", text)
    dot = text.find(".")
    if digit is not None and (dot < 0 or digit.start() < dot):
        text = text[digit.start() :]
    parts = []
    for part in text.split("."):
        after = part.strip().lstrip("0123456789")
        number = part.strip().removesuffix(after)
        parts.append((int(number or 0), after.casefold()))
    while parts and parts[-1] == (0, ""):
        parts.pop()
    return tuple(parts)
