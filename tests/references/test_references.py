"""The expressions in a value: which ones there are, and where each part stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devbox_lint.diagnostics import Span
from devbox_lint.references.addresses import CLOUDS, Part
from devbox_lint.references.expressions import Reference, ReferenceKind, find_references, find_vault_addresses
from devbox_lint.yaml.nodes import Scalar
from support import Files, each_corpus

_SECRET, _ADO, _PARAMETER = ReferenceKind.SECRET, ReferenceKind.ADO, ReferenceKind.PARAMETER
_PLACEHOLDER, _FOREIGN = ReferenceKind.PLACEHOLDER, ReferenceKind.FOREIGN
_UNKNOWN, _UNCLOSED = ReferenceKind.UNKNOWN, ReferenceKind.UNCLOSED


class _Same:
    def span(self, start: int, end: int) -> Span:
        return Span(start, end)


def _scalar(value: str) -> Scalar:
    return Scalar(0, len(value), value, "|", lambda scalar: _Same())


def _only(value: str) -> Reference:
    found = find_references(_scalar(value))
    assert len(found) == 1
    return found[0]


def _parts(reference: Reference) -> list[Part]:
    return [
        part
        for group in (reference, reference.secret, reference.ado)
        if group is not None
        for part in group
        if isinstance(part, Part)
    ]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("{{https://kv.vault.azure.net/secrets/a}}", _SECRET),
        ("{{ HTTPS://kv.vault.azure.net/secrets/a }}", _SECRET),
        ("{{http://kv.vault.azure.net/keys/a}}", _SECRET),
        ("{{kv.vault.azure.net/secrets/a}}", _SECRET),
        ("{{https://example.com/a}}", _SECRET),
        ("{{http://example.com/a}}", _SECRET),
        ("{{https//kv.vault.azure.net/secrets/a}}", _SECRET),
        ("{{htps://kv.vault.azure.net/secrets/a}}", _SECRET),
        ("{{keyvault://kv/a}}", _SECRET),
        ("{{https://<vault>.vault.azure.net/secrets/<name>}}", _SECRET),
        ("{{ado://contoso}}", _ADO),
        ("{{ado}}", _ADO),
        ("{{ ado:/contoso }}", _ADO),
        ("{{ado//contoso}}", _ADO),
        ("{{ado/contoso}}", _ADO),
        ("{{azdo://contoso}}", _ADO),
        ("{{https://dev.azure.com/contoso}}", _ADO),
        ("{{https://contoso.visualstudio.com}}", _ADO),
        ("{{branch}}", _PARAMETER),
        ("{{ my-branch_2 }}", _PARAMETER),
        ("{{GITHUB_PAT}}", _PARAMETER),
        ("{{ado-organization}}", _PARAMETER),
        ("{{KEY_VAULT_SECRET_URI}}", _PLACEHOLDER),
        ("{{<KEY_VAULT_SECRET_URI>}}", _PLACEHOLDER),
        ("{{YOUR_ORG_NAME}}", _PLACEHOLDER),
        ("{{...}}", _PLACEHOLDER),
        ("{{parameters.x}}", _FOREIGN),
        ("{{ inputs.x }}", _FOREIGN),
        ("${{ x }}", _FOREIGN),
        ("{{parameters('x')}}", _FOREIGN),
        ("{{}}", _UNKNOWN),
        ("{{.State}}", _UNKNOWN),
        ("{{ x | quote }}", _UNKNOWN),
        ("{{#if a}}", _UNKNOWN),
        ("{{0}}", _UNKNOWN),
        ('{{"a": 1}}', _UNKNOWN),
        ("{{ vault: x }}", _UNKNOWN),
        ("{{https://kv.vault.azure.net/secrets/a}", _UNCLOSED),
        ("{{https://kv.vault.azure.net/secrets/a", _UNCLOSED),
        ("{{ado://contoso'", _UNCLOSED),
    ],
)
def test_kinds(value: str, kind: ReferenceKind) -> None:
    assert _only(value).kind is kind


@pytest.mark.parametrize(
    "value",
    ["", "{{", "}}", "{x}", "{{ x", "{{ x\n}}", "{{https://example.com/a", "if ($a) {{ Get-Item }", "'{{{0} a}'"],
)
def test_what_holds_no_reference(value: str) -> None:
    assert find_references(_scalar(value)) == []


def test_the_parts_of_a_secret_stand_where_they_are_written() -> None:
    secret = _only("--p {{ https://My-KV.Vault.Azure.cn:443/secrets/a-b/0a1b/x/y?api=1 }} --q").secret

    assert secret is not None
    assert [(name, part.text) for name, part in secret._asdict().items() if isinstance(part, Part)] == [
        ("whole", "https://My-KV.Vault.Azure.cn:443/secrets/a-b/0a1b/x/y?api=1"),
        ("scheme", "https"),
        ("separator", "://"),
        ("host", "My-KV.Vault.Azure.cn"),
        ("vault", "My-KV"),
        ("domain", "Vault.Azure.cn"),
        ("port", ":443"),
        ("collection", "secrets"),
        ("name", "a-b"),
        ("version", "0a1b"),
        ("extra", "/x/y"),
        ("query", "?api=1"),
    ]
    assert secret.cloud is CLOUDS[1]
    assert not secret.private_link


@pytest.mark.parametrize("cloud", CLOUDS, ids=lambda cloud: cloud.name)
def test_each_cloud_is_known_with_its_private_link(cloud: object) -> None:
    domain, private = cloud[1], cloud[2]  # type: ignore[index]
    public = _only(f"{{{{https://kv.{domain}/secrets/a}}}}").secret
    link = _only(f"{{{{https://kv.{private}/secrets/a}}}}").secret

    assert public is not None
    assert link is not None
    assert (public.cloud, public.private_link, public.vault.text) == (cloud, False, "kv")
    assert (link.cloud, link.private_link, link.vault.text) == (cloud, True, "kv")


def test_a_malformed_secret_is_taken_apart_as_far_as_it_goes() -> None:
    secret = _only("{{https:/kv}}").secret
    assert secret is not None
    assert (secret.separator.text, secret.host.text, secret.domain.text, secret.collection.text) == (":/", "kv", "", "")
    bare = _only("{{vault.azure.net/secrets/}}").secret
    assert bare is not None
    assert (bare.scheme.text, bare.vault.text, bare.collection.text, bare.name.text) == ("", "", "secrets", "")


def test_the_parts_of_an_organization() -> None:
    ado = _only("{{ado:/my-org/web}}").ado
    assert ado is not None
    assert (ado.scheme.text, ado.separator.text, ado.organization.text, ado.rest.text) == (
        "ado",
        ":/",
        "my-org",
        "/web",
    )
    assert not ado.is_well_formed
    assert _only("{{ ADO://my-org/ }}").ado.is_well_formed  # type: ignore[union-attr]
    assert _only("{{ado}}").ado.is_bare  # type: ignore[union-attr]


def test_of_three_braces_the_inner_two_count() -> None:
    assert (_only('{"a":{{{x}}}}').start, _only('{"a":{{{x}}}}').end) == (6, 11)
    assert _only("{{{{x}}}}").text == "x"


def test_an_expression_inside_another_is_the_one_that_counts() -> None:
    assert _only("{{https://kv.vault.azure.net/secrets/{{name}}}}").text == "name"


def test_an_expression_after_an_open_one_is_found() -> None:
    found = find_references(_scalar("{{ado://a and {{b}} {{c}}"))
    assert [(item.kind, item.text) for item in found] == [(_UNCLOSED, "ado://a"), (_PARAMETER, "b"), (_PARAMETER, "c")]


def test_an_unclosed_reference_ends_with_its_address() -> None:
    value = 'a "{{ https://kv.vault.azure.net/secrets/a" b'
    reference = _only(value)
    assert value[reference.start : reference.end] == "{{ https://kv.vault.azure.net/secrets/a"


def test_a_reference_knows_whether_it_is_the_whole_value() -> None:
    assert _only(" {{x}}\n").is_whole
    assert not _only("a {{x}}").is_whole


def test_addresses_outside_braces() -> None:
    value = "{{https://a.vault.azure.net/secrets/a}} https://b.vault.azure.net/secrets/b, https://example.com (https://c.vault.azure.cn/)"
    assert [address.vault.text for address in find_vault_addresses(_scalar(value))] == ["b", "c"]


_PIECES = st.sampled_from(
    [
        "{{",
        "}}",
        "{",
        "}",
        " ",
        "\n",
        "https://",
        "http:/",
        "kv",
        ".vault.azure.net",
        "/secrets/",
        "/",
        "ado",
        "://",
        "?a",
        "#",
        "$",
        "🔑",
        "a_b",
        "<x>",
        ".",
        ":",
        "@",
        "\\",
    ]
)


@given(st.lists(_PIECES, max_size=20).map("".join))
def test_every_part_is_the_text_at_its_place(value: str) -> None:
    end = 0
    for reference in find_references(_scalar(value)):
        assert reference.start >= end
        end = reference.end
        assert value[reference.start : end].lstrip("$").startswith("{{")
        assert value[reference.start : end].endswith("}}") or reference.kind is _UNCLOSED
        for part in _parts(reference):
            assert part.text == value[part.start : part.end]
            assert reference.start <= part.start <= part.end <= reference.end
    for address in find_vault_addresses(_scalar(value)):
        assert value[address.whole.start : address.whole.end] == address.whole.text


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["{{", "{{a", "{{https://kv.vault.azure.net/", "}}", "https://", ":/"])
def test_hundred_thousand_repetitions_are_read(piece: str) -> None:
    scalar = _scalar(piece * 100_000)
    find_references(scalar)
    find_vault_addresses(scalar)


@each_corpus
def test_every_reference_of_real_team_and_user_files_is_understood(files: Files) -> None:
    from devbox_lint.source import SourceFile
    from devbox_lint.yaml.parse import parse

    kinds = set()
    for file in files:
        if file.kind is not None and file.kind.value != "task":
            for scalar in parse(SourceFile.from_bytes(file.original, file.data)).scalars:
                kinds.update(reference.kind for reference in find_references(scalar))
    assert kinds >= {_SECRET, _ADO, _PARAMETER}
    assert not kinds & {_UNKNOWN, _UNCLOSED}


def test_an_unclosed_address_is_read_like_a_closed_one() -> None:
    secret = _only("a {{https://kv1.vault.azure.net/secrets/a b")
    ado = _only("{{ado://contoso b")

    assert (secret.kind, secret.span, secret.text) == (
        _UNCLOSED,
        Span(2, 41),
        "https://kv1.vault.azure.net/secrets/a",
    )
    assert secret.secret is not None
    assert (secret.secret.vault.text, secret.secret.name.text, secret.ado) == ("kv1", "a", None)
    assert ado.ado is not None
    assert (ado.kind, ado.ado.organization.text, ado.secret) == (_UNCLOSED, "contoso", None)
