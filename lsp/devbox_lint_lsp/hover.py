"""Hover: what a key, a task, a parameter, an image, a reference or a command of a script is, and what a rule says."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from devbox_lint.configuration.resources import find_resource
from devbox_lint.customization.images import KNOWN_IMAGES, Form, parse_image
from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Diagnostic, Span
from devbox_lint.references.addresses import SecretUri
from devbox_lint.references.expressions import Reference, ReferenceKind
from devbox_lint.reports.rule_docs import parts
from devbox_lint_lsp.cmdlet_help import cmdlet_at
from devbox_lint_lsp.conversion import range_in
from devbox_lint_lsp.document_check import Analysis
from devbox_lint_lsp.document_view import Spot, View
from devbox_lint_lsp.help_text import Prose, TaskHelp, described, schema_at
from devbox_lint_lsp.links import portal_link
from devbox_lint_lsp.server import Server
from devbox_lint_lsp.unit_help import unit_schema

_FORMS = {
    Form.MARKETPLACE: "an image of the Azure Marketplace",
    Form.GALLERY: "an image of a gallery that is attached to the dev center",
    Form.TILDE: "an image by the service's own spelling of its gallery",
}


def register(server: Server) -> None:
    """Add the feature to the server."""
    server.feature(types.TEXT_DOCUMENT_HOVER)(_hover)


async def _hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    analysis = await ls.analysis(params.text_document.uri)
    view = await ls.view(params.text_document.uri)
    if view is None or analysis is None or analysis.result.source is not view.source:
        return None
    return await ls.worker.start(_shown, ls, view, analysis, params.position)


def _shown(ls: Server, view: View, analysis: Analysis, position: types.Position) -> types.Hover | None:
    offset = ls.offset_in(view.source, position)
    prose = ls.client.prose
    hovered = _Hovered(ls, view, prose)
    paragraphs = list(hovered.paragraphs(offset))
    span = hovered.span
    for diagnostic in analysis.result.diagnostics:
        if diagnostic.span.start <= offset <= diagnostic.span.end:
            span = span or diagnostic.span
            paragraphs.append(_rule(ls, diagnostic, prose))
    if not any(paragraphs) or span is None:
        return None
    return types.Hover(prose.content(paragraphs), range_in(view.source, span, ls.encoding))


def _rule(ls: Server, diagnostic: Diagnostic, prose: Prose) -> str:
    """The rule that found something, in its own first words, which are Markdown."""
    rule = next((rule for rule in ls.all_rules() if rule.code == diagnostic.code), None)
    what = parts(rule.load()).what.split("\n\n")[0] if rule is not None else ""
    return f"{prose.link(f'{diagnostic.code} {diagnostic.name}', diagnostic.url)}  \n{what}"


class _Hovered:
    """What stands at one place; ``span`` is where, once it was found."""

    def __init__(self, ls: Server, view: View, prose: Prose) -> None:
        self._view = view
        self._prose = prose
        self._help = TaskHelp(view.customization.kind, prose, ls.surroundings().conceal_at)
        self.span: Span | None = None

    def paragraphs(self, offset: int) -> Iterator[str]:
        """The words on the innermost thing of which there are any."""
        view, prose = self._view, self._prose
        reference = view.reference_at(offset)
        if reference is not None:
            self.span = reference.span
            yield from _of_reference(view, reference, prose)
            return
        cmdlet = cmdlet_at(view, offset, prose)
        if cmdlet is not None:
            self.span = cmdlet.span
            yield from cmdlet.paragraphs
            return
        spot = view.at(offset)
        if spot.scalar is None:
            return
        self.span = spot.scalar.span
        if spot.is_parameter:
            yield from self._of_parameter(spot)
        elif spot.task is not None and spot.scalar is spot.task.name:
            for definition in view.catalog.find(spot.task.name.value, view.source.path):
                yield from self._help.task(definition)
        elif spot.path == ("image",) and not spot.on_key and view.customization.kind is Kind.IMAGE:
            yield _of_image(spot.scalar.value, prose)
        elif view.customization.kind is Kind.CONFIGURATION and (known := unit_schema(spot, spot.path)) is not None:
            if spot.on_key or spot.path[-1] not in ("resource", "type"):
                yield from described(known, prose)
            else:
                yield from _of_resource(spot.scalar.value, prose)
        elif spot.on_key:
            schema = schema_at(view.customization.kind, spot.path)
            if schema is not None:
                yield from described(schema, prose)

    def _of_parameter(self, spot: Spot) -> Iterator[str]:
        view = self._view
        name = spot.path[-1]
        if spot.task is None or spot.task.name is None:
            return
        for definition in view.catalog.find(spot.task.name.value, view.source.path):
            parameter = definition.parameters.get(str(name))
            if parameter is not None:
                yield from self._help.parameter(definition, parameter)


def _of_resource(name: str, prose: Prose) -> Iterator[str]:
    resource = find_resource(name.strip())
    if resource is None:
        return
    yield prose.strong(resource.full_name)
    lines = []
    for setting in resource.settings.values():
        what = f"one of {prose.codes(setting.words)}" if setting.words else setting.type
        lines.append(f"{prose.code(setting.name)}: {what}{', required' if setting.is_needed else ''}")
    yield prose.listed(lines)
    if resource.is_elevated:
        yield "To apply it needs an administrator."


def _of_image(value: str, prose: Prose) -> str:
    image = parse_image(value)
    what = _FORMS.get(image.form)
    if what is None:
        return ""
    facts = [f"{prose.code(image.name)}: {what}."]
    if image.name in KNOWN_IMAGES:
        facts.append("Its name is one of the known ones.")
    if image.version is not None:
        facts.append(f"Version {prose.code(image.version)}.")
    elif image.form is Form.GALLERY:
        facts.append("No version is named, so that each build takes the newest.")
    return " ".join(facts)


def _of_reference(view: View, reference: Reference, prose: Prose) -> Iterator[str]:
    match reference.kind:
        case ReferenceKind.SECRET | ReferenceKind.UNCLOSED if reference.secret is not None:
            yield from _of_secret(reference.secret, prose)
        case ReferenceKind.ADO if reference.ado is not None:
            yield prose.strong("Azure DevOps token")
            organization = reference.ado.organization.text
            of = f" of the organization {prose.code(organization)}" if organization else ""
            yield f"A token{of} in the name of who signs in, put in place of this when the task runs."
        case ReferenceKind.PARAMETER:
            conceal = view.mask.conceal
            for declaration in view.customization.declarations:
                if declaration.name.value == reference.text:
                    yield f"{prose.strong(reference.text)} ({declaration.section})"
                    if declaration.node is not None:
                        known = [
                            (entry.name, scalar.value)
                            for entry in declaration.node.entries
                            if entry.name and (scalar := declaration.node.scalar(entry.name)) is not None
                        ]
                        yield prose.listed(f"{prose.code(name)}: {prose.code(conceal(value))}" for name, value in known)
                    return


def _of_secret(secret: SecretUri, prose: Prose) -> Iterator[str]:
    yield prose.strong("Key Vault secret")
    cloud = f" ({secret.cloud.name} cloud)" if secret.cloud is not None else ""
    version = prose.code(secret.version.text) if secret.version else "the newest"
    yield prose.listed(
        (
            f"vault: {prose.code(secret.vault.text)}{cloud}",
            f"secret: {prose.code(secret.name.text)}",
            f"version: {version}",
        )
    )
    yield "Its value is put in place of this when the task runs; this tool never reads it."
    url = portal_link(secret)
    if url is not None:
        yield prose.link("Open in the Azure portal", url)
