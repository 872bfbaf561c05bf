"""Requests to Azure: where they may go, how many, how long they may take, and what comes back.

Microsoft's pipeline sends them and tries again; it has no policy here that follows redirects or writes logs. Whatever
the answer to a request, no token ever goes to a host that is not in its table.
"""

from __future__ import annotations

import json
import logging
import os
import re
import threading
import time
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from azure.core.exceptions import (
    AzureError,
    ServiceRequestError,
    ServiceRequestTimeoutError,
    ServiceResponseTimeoutError,
)
from azure.core.pipeline import Pipeline
from azure.core.pipeline.policies import RetryPolicy, SansIOHTTPPolicy, UserAgentPolicy
from azure.core.pipeline.transport import HttpRequest, RequestsTransport

from devbox_lint import __version__
from devbox_lint_rules._azure.clouds import (
    DEV_CENTER_SUFFIX,
    DEV_OPS_HOST,
    DEV_OPS_HOSTS,
    PACKAGES_HOST,
    Audience,
    Cloud,
)
from devbox_lint_rules._azure.credentials import Tokens
from devbox_lint_rules._azure.limits import RUN_LIMIT, Limits
from devbox_lint_rules._azure.unanswered import UnansweredError

if TYPE_CHECKING:
    from devbox_lint.settings.model import AzureSettings

#: Whoever asks to be asked again later than this, in seconds, is not asked again.
_LONGEST_WAIT = 15
#: How many seconds to wait for what need not answer.
_QUICK = 3.0
#: Longer answers, in bytes, are not read to their end.
_LARGEST = 8 * 1024 * 1024
_BLOCK = 64 * 1024
#: After how many failures to reach a host it is left alone for the rest of the run.
_FAILURES = 2

_VAULT = re.compile(r"(?!.*--)[a-z][a-z0-9-]{1,22}[a-z0-9]")
_LABELS = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")

# With a level that prints requests these would print ids and addresses, and nothing of it is ours to print.
for _name in ("azure", "msal", "urllib3", "requests"):
    logging.getLogger(_name).addHandler(logging.NullHandler())
    logging.getLogger(_name).propagate = False


class Reply(NamedTuple):
    """An answer: its status, its headers by their names in lower case, and its body: as JSON, None where it is none."""

    status: int
    headers: Mapping[str, str]
    body: Any
    data: bytes = b""


class Connection:
    """The requests of one run; each method may be called from any thread and raises :class:`UnansweredError`.

    ``dev_center`` is the only host of a dev center that may be asked; the Resource Manager names it.
    """

    def __init__(self, cloud: Cloud, settings: AzureSettings, limits: Limits | None = None) -> None:
        self.cloud = cloud
        self.dev_center = ""
        verify = _certificates()
        self.tokens = Tokens(cloud, settings, verify)
        self._timeout = settings.timeout
        self._limits = limits or Limits()
        self._stopped = threading.Event()
        self._failures: dict[str, tuple[int, UnansweredError]] = {}
        self._lock = threading.Lock()
        transport = RequestsTransport(connection_verify=verify)
        _isolate(transport)
        self._pipeline: Pipeline[Any, Any] = Pipeline(
            transport,
            [
                UserAgentPolicy(f"devbox-lint/{__version__}"),
                _Retries(
                    retry_total=3, retry_connect=1, retry_read=1, retry_status=3, retry_backoff_max=4,
                    retry_backoff_factor=0.5,
                ),
                _Budget(self._limits, settings.max_requests, self._stopped),
            ],
        )  # fmt: skip

    @property
    def seconds_left(self) -> float:
        """How long the run may still take."""
        return self._limits.seconds_left(self._timeout)

    def stop(self) -> None:
        """Send nothing any more: what is under way may still come, and nobody waits for it."""
        self._stopped.set()

    def ask(self, url: str, audience: Audience | None = None, body: object = None, quick: bool = False) -> Reply:
        """What ``url`` answers: to a GET, or a POST of ``body`` as JSON; with a token where there is an audience.

        ``quick`` waits for some seconds only, and does not try again.
        """
        host = self._checked_host(url, audience)
        with self._lock:
            count, reason = self._failures.get(host, (0, None))
        if reason is not None and count >= _FAILURES:
            raise reason
        headers = {"Accept": "application/json"}
        if audience is not None:
            headers["Authorization"] = f"Bearer {self.tokens.get(audience)}"
        for last in (False, True):
            if self.seconds_left <= 0:
                raise UnansweredError(
                    f"the time for the run, {self._timeout * RUN_LIMIT:g} seconds, was over", "raise `timeout`"
                )
            request = HttpRequest("GET" if body is None else "POST", url, headers=dict(headers))
            if body is not None:
                request.set_json_body(body)
            try:
                return self._sent(host, request, quick)
            except _BrokenOffError:
                if last:
                    raise UnansweredError(f"the answer of `{host}` broke off") from None
        raise AssertionError

    def has_proxy(self, host: str) -> bool:
        """Whether requests to ``host`` go through a proxy, which then is who looks up its address."""
        return "https" in getproxies() and not proxy_bypass(host)

    def _sent(self, host: str, request: HttpRequest, quick: bool) -> Reply:
        longest = min(self._timeout, _QUICK) if quick else self._timeout
        waits = max(0.1, min(longest, self.seconds_left))
        again = {"retry_connect": 0, "retry_read": 0} if quick else {}
        try:
            response = self._pipeline.run(
                request,
                stream=True,
                connection_timeout=waits,
                read_timeout=waits,
                timeout=max(0.1, self.seconds_left),
                retry_on_methods=("GET", "POST"),
                **again,
            ).http_response.internal_response
        except AzureError as error:
            reason = UnansweredError(_words(error, host, longest))
            with self._lock:
                self._failures[host] = (self._failures.get(host, (0,))[0] + 1, reason)
            raise reason from None
        with self._lock:
            self._failures.pop(host, None)
        headers = {name.lower(): value for name, value in response.headers.items()}
        data = self._read(host, response)
        return Reply(int(response.status_code), headers, _json(data), data)

    def _read(self, host: str, response: Any) -> bytes:
        """The body, which a server may send as slowly and as long as it likes: so what has come is read at once."""
        parts = []
        length = 0
        until = time.monotonic() + self._timeout
        try:
            while part := response.raw.read1(_BLOCK, decode_content=True):
                parts.append(part)
                length += len(part)
                if length > _LARGEST:
                    raise UnansweredError(f"the answer of `{host}` is longer than {_LARGEST >> 20} MB")
                if time.monotonic() > until:
                    raise UnansweredError(f"the answer of `{host}` took longer than {self._timeout:g} seconds")
        except UnansweredError:
            raise
        except Exception:  # noqa: BLE001 - of what breaks below, every library has errors of its own
            raise _BrokenOffError from None
        finally:
            response.close()
        return b"".join(parts)

    def _checked_host(self, url: str, audience: Audience | None) -> str:
        """The host of an address, where a request with such a token may go there."""
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        label, _, domain = host.partition(".")
        is_vault = domain == self.cloud.vault_suffix and _VAULT.fullmatch(label) is not None
        match audience:
            case Audience.RESOURCE_MANAGER:
                may = host == self.cloud.resource_manager.partition(":")[0]
            case Audience.VAULT:
                may = is_vault
            case Audience.DEV_CENTER:
                may = host == self.dev_center and host.endswith(DEV_CENTER_SUFFIX)
            case Audience.GRAPH:
                may = host == self.cloud.graph != ""
            case Audience.DEV_OPS:
                may = host in DEV_OPS_HOSTS
            case None:
                may = is_vault or host in (DEV_OPS_HOST, PACKAGES_HOST, self.cloud.authority.partition(":")[0])
        port = parts.netloc.rpartition(":")[2] if ":" in parts.netloc else "443"
        of_cloud = {Audience.RESOURCE_MANAGER: self.cloud.resource_manager, None: self.cloud.authority}
        known_port = of_cloud.get(audience, "").partition(":")[2]
        may = may and parts.scheme == "https" and "@" not in parts.netloc and port in ("443", known_port)
        if not may or len(host) > 253 or not _LABELS.fullmatch(host):
            raise UnansweredError("Azure named an address that is not its own")
        return host


class _BrokenOffError(Exception):
    """A body that did not come to its end."""


class _Budget(SansIOHTTPPolicy[Any, Any]):
    """Counts every request, the repeated ones too, and stops where the settings say so."""

    def __init__(self, limits: Limits, most: int, stopped: threading.Event) -> None:
        self._limits = limits
        self._most = most
        self._stopped = stopped

    def on_request(self, request: Any) -> None:
        if self._stopped.is_set():
            raise UnansweredError("nobody waits for the answer any more")
        if not self._limits.take(self._most):
            raise UnansweredError(f"the limit of {self._most} requests was reached", "raise `max-requests`")


class _Retries(RetryPolicy[Any, Any]):
    """Tries again but where that is no use: a name without an address, a certificate that is not trusted."""

    def is_retry(self, settings: dict[str, Any], response: Any) -> bool:
        wait = self.get_retry_after(response)
        return (wait is None or wait <= _LONGEST_WAIT) and super().is_retry(settings, response)

    def increment(self, settings: dict[str, Any], response: Any = None, error: Exception | None = None) -> bool:
        if error is not None and _cause(error) in ("NameResolutionError", "SSLError"):
            return False
        return super().increment(settings, response, error)


def _cause(error: Exception) -> str:
    """The name of what urllib3 says went wrong below an error of the pipeline; empty where it says nothing."""
    inner = getattr(error, "inner_exception", None)
    argument = inner.args[0] if isinstance(inner, BaseException) and inner.args else None
    return type(getattr(argument, "reason", argument)).__name__


def _words(error: AzureError, host: str, timeout: float) -> str:
    """What went wrong, without the words of the error, which have addresses in them."""
    cause = _cause(error)
    if cause == "NameResolutionError":
        return f"`{host}` has no address in DNS here"
    if cause == "SSLError":
        return f"the certificate of `{host}` is not trusted"
    if cause == "ProxyError":
        return f"the proxy does not lead to `{host}`"
    timed_out = isinstance(error, ServiceRequestTimeoutError | ServiceResponseTimeoutError)
    if timed_out or cause in ("ReadTimeoutError", "ConnectTimeoutError"):
        return f"`{host}` did not answer within {timeout:g} seconds"
    if isinstance(error, ServiceRequestError):
        return f"`{host}` cannot be reached"
    return f"the connection to `{host}` broke off"


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _certificates() -> str | bool:
    """The file of certificates to trust, True for the usual ones. What requests heeds itself it shall heed."""
    if os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE"):
        return True
    return os.environ.get("SSL_CERT_FILE") or True


def _isolate(transport: RequestsTransport) -> None:
    """Keep what does not belong to a request out of it: passwords from ~/.netrc, and cookies."""
    transport.open()
    session: Any = transport.session
    session.auth = lambda request: request
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
