"""Where a file refers to secrets that only Azure knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from devbox_lint.diagnostics import Span
from devbox_lint.online import Asked
from devbox_lint.references.addresses import CLOUDS
from devbox_lint.references.expressions import ReferenceKind
from devbox_lint.references.placeholders import is_placeholder
from devbox_lint.rule import Context
from devbox_lint.startup import lazy
from devbox_lint_rules.keyvault._questions import AzureQuestion, Topic
from devbox_lint_rules.references._values import resolved_references

#: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftkeyvault
_VAULT = lazy(r"(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]")
_SECRET = lazy(r"[0-9A-Za-z-]{1,127}")
_VERSION = lazy(r"[0-9a-fA-F]{32}")
_DOMAIN = lazy(r"[a-z0-9-]++(?:\.[a-z0-9-]++)++")


class SecretPlace(NamedTuple):
    """A well formed reference to a secret: its parts in lower case, and where they stand."""

    vault: str
    domain: str
    secret: str
    version: str
    whole: Span
    vault_span: Span
    secret_span: Span
    version_span: Span

    def ask(self, topic: Topic, context: Context) -> Asked:
        """A question on the vault, or on the secret, at the part of the reference that it is about."""
        if topic in (Topic.VAULT, Topic.MODEL, Topic.NETWORK):
            return Asked(AzureQuestion(topic, self.vault, self.domain), self.vault_span, self.whole, context.kind)
        if topic is Topic.SECRET:
            question = AzureQuestion(topic, self.vault, self.domain, self.secret, self.version)
            span = self.version_span if self.version else self.secret_span
            return Asked(question, span, self.whole, context.kind)
        question = AzureQuestion(topic, self.vault, self.domain, self.secret)
        return Asked(question, self.secret_span, self.whole, context.kind)


def secret_places(context: Context) -> Iterator[SecretPlace]:
    """The references to secrets in a file that are worth a question; the malformed ones have findings already."""
    for value, reference in resolved_references(context, declared=True):
        uri = reference.secret
        if reference.kind is not ReferenceKind.SECRET or uri is None or uri.private_link:
            continue
        vault, secret, version = uri.vault.text, uri.name.text, uri.version.text
        is_written_well = (
            uri.scheme.text.lower() == "https"
            and uri.separator.text == "://"
            and uri.port.text in ("", ":443")
            and uri.collection.text.lower() == "secrets"
            and uri.extra.text in ("", "/")
            and not uri.query
        )
        is_named_well = (
            _VAULT.fullmatch(vault)
            and _SECRET.fullmatch(secret)
            and (not version or _VERSION.fullmatch(version))
            and _DOMAIN.fullmatch(uri.domain.text.lower())
            and (uri.cloud is not None or _may_be_of_another_cloud(uri.domain.text.lower()))
        )
        if not is_written_well or not is_named_well or is_placeholder(vault) or is_placeholder(secret):
            continue
        spans = [value.scalar.span_of(part.start, part.end) for part in (uri.vault, uri.name, uri.version)]
        yield SecretPlace(
            vault.lower(), uri.domain.text.lower(), secret.lower(), version.lower(), reference.span, *spans
        )


def _may_be_of_another_cloud(domain: str) -> bool:
    """Whether vaults may be below ``domain``, a domain of no cloud that is known."""
    return domain.startswith("vault.") and not any(domain.startswith(f"{cloud.domain}.") for cloud in CLOUDS)


def ask_of_secrets(context: Context, *topics: Topic) -> Iterator[Asked]:
    """Questions of these topics for each reference to a secret, each at the place that it is about."""
    for place in secret_places(context):
        for topic in topics:
            yield place.ask(topic, context)
