"""WinGet's public source, as winget 1.10 and later download it."""

from __future__ import annotations

import hashlib
import io
import re
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from fake_azure.messages import Request, Response

if TYPE_CHECKING:
    from fake_azure.fake import FakeAzure

HOST = "cdn.winget.microsoft.com"
_VERSIONS = re.compile(r"/cache/packages/(?P<id>[^/]+)/(?P<hash>[0-9a-f]{8})/versionData\.mszyml")
_CHUNK = 32 * 1024


def answer(azure: FakeAzure, request: Request) -> Response:
    """A file of the source, for anybody."""
    if request.path == "/cache/source2.msix":
        return Response(200, index(azure.packages.items()), content_type="application/octet-stream")
    match = _VERSIONS.fullmatch(request.path)
    versions = azure.packages.get(match["id"]) if match is not None else None
    if match is not None and versions is not None:
        data = packed(version_data(versions))
        if hashlib.sha256(data).hexdigest()[:8] == match["hash"]:
            return Response(200, data, content_type="application/x-ms-zip-yaml")
    return Response(
        404, b"<?xml version='1.0'?><Error><Code>BlobNotFound</Code></Error>", content_type="application/xml"
    )


def index(packages: Iterable[tuple[str, tuple[str, ...]]]) -> bytes:
    """The package with the database; the first of a package's versions is its newest."""
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE TABLE packages (rowid INTEGER PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, moniker TEXT,"
        " latest_version TEXT NOT NULL, arp_min_version TEXT, arp_max_version TEXT, hash BLOB)"
    )
    for name, versions in packages:
        digest = hashlib.sha256(packed(version_data(versions))).digest()
        connection.execute(
            "INSERT INTO packages (id, name, latest_version, hash) VALUES (?, ?, ?, ?)",
            (name, name.rpartition(".")[2], versions[0], digest),
        )
    connection.commit()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("AppxManifest.xml", "<Package/>")
        package.writestr("Public/index.db", connection.serialize())
    connection.close()
    return stream.getvalue()


def version_data(versions: tuple[str, ...]) -> bytes:
    """The file with the versions of a package before it is compressed."""
    lines = [
        f"  - v: {version}\n    rP: manifests/x/{version}\n    s256H: {hashlib.sha256(version.encode()).hexdigest()}\n"
        for version in versions
    ]
    return ("sV: 1.0\nvD:\n" + "".join(lines)).encode()


def packed(data: bytes) -> bytes:
    """As Windows compresses it with MSZIP: each chunk is deflated with the window of those before."""
    parts = [struct.pack("<4sHBBQQ", b"\x0aQ\xe5\xc0", 24, 0xEF, 2, len(data), len(data))]
    for start in range(0, len(data), _CHUNK):
        window = {"zdict": data[max(0, start - _CHUNK) : start]} if start else {}
        deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, **window)
        chunk = b"CK" + deflate.compress(data[start : start + _CHUNK]) + deflate.flush()
        parts.append(struct.pack("<I", len(chunk)) + chunk)
    return b"".join(parts)
