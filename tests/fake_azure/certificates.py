"""Certificates of an authority that exists for one run of the tests."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from threading import Lock

import trustme


class Certificates:
    """Issues what a server shows for a host: a good certificate, or one with a fault."""

    def __init__(self) -> None:
        self._trusted = trustme.CA(organization_name="Trusted by the tests")
        self._foreign = trustme.CA(organization_name="Trusted by nobody")
        self._lock = Lock()
        self._contexts: dict[tuple[str, str], ssl.SSLContext] = {}

    def write(self, path: Path) -> None:
        """Write the authority's certificate as PEM, for REQUESTS_CA_BUNDLE and SSL_CERT_FILE."""
        self._trusted.cert_pem.write_to_path(path)

    def context(self, host: str, fault: str = "") -> ssl.SSLContext:
        """What a server of this host needs for TLS; faults are expired, untrusted and wrong-name."""
        with self._lock:
            if (host, fault) not in self._contexts:
                self._contexts[host, fault] = self._issue(host, fault)
            return self._contexts[host, fault]

    def _issue(self, host: str, fault: str) -> ssl.SSLContext:
        authority = self._foreign if fault == "untrusted" else self._trusted
        now = datetime.now(UTC)
        days = (-30, -1) if fault == "expired" else (-1, 30)
        certificate = authority.issue_cert(
            "elsewhere.example" if fault == "wrong-name" else host,
            not_before=now + timedelta(days=days[0]),
            not_after=now + timedelta(days=days[1]),
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        return context


@cache
def certificates() -> Certificates:
    """The authority of this process."""
    return Certificates()
