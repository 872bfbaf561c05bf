"""Calls through Microsoft's own pipeline, with no retries, for the tests of the fake itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from azure.core import PipelineClient
from azure.core.pipeline.policies import BearerTokenCredentialPolicy, RetryPolicy
from azure.core.rest import HttpRequest

ARM = "https://management.azure.com"
#: Path, method, body and query -> status and body.
Arm = Callable[..., tuple[int, Any]]


def caller(credential: Any, base: str = ARM, audience: str = ARM) -> Arm:
    """Calls below an address with tokens for an audience."""
    policies = [RetryPolicy(retry_total=0), BearerTokenCredentialPolicy(credential, f"{audience}/.default")]
    client: Any = PipelineClient(base, policies=policies)

    def call(path: str, method: str = "GET", body: Any = None, **query: str) -> tuple[int, Any]:
        text = "&".join(f"{name.replace('_', '-')}={quote(value)}" for name, value in query.items())
        address = path if path.startswith("https:") else f"{base}{path}?{text}"
        response = client.send_request(HttpRequest(method, address, json=body), read_timeout=2)
        kind = response.headers.get("Content-Type", "")
        return response.status_code, response.json() if kind.startswith("application/json") else response.text()

    return call
