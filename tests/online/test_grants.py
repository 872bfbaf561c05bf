"""Roles are weighed as Azure does it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from devbox_lint_rules.keyvault._answers import Outcome
from devbox_lint_rules.keyvault._grants import (
    READ_METADATA,
    READ_VALUE,
    READER,
    SECRET_VALUE,
    SECRETS_USER,
    Assignment,
    Denial,
    Permission,
    Role,
    matches,
    may,
    may_read_vault,
)

ME, GROUP = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"
EVERYBODY = "00000000-0000-0000-0000-000000000000"
SCOPE = "/subscriptions/s"

ROLES = {
    role.id: role
    for role in (
        Role(SECRETS_USER, "Key Vault Secrets User", (Permission(data_actions=(READ_VALUE, READ_METADATA)),)),
        Role(
            READER,
            "Key Vault Reader",
            (
                Permission(
                    ("Microsoft.KeyVault/vaults/*/read",), (), ("Microsoft.KeyVault/vaults/*/read", READ_METADATA)
                ),
            ),
        ),
        Role("owner", "Owner", (Permission(("*",)),)),
        Role("contributor", "Contributor", (Permission(("*",), ("Microsoft.Authorization/*/Write",)),)),
        Role("all", "Data of all vaults", (Permission(data_actions=("Microsoft.KeyVault/vaults/* ",)),)),
        Role(
            "but",
            "All but values",
            (Permission(data_actions=("*",), not_data_actions=("Microsoft.KeyVault/vaults/secrets/get*",)),),
        ),
        Role(
            "both",
            "One permission takes, another gives",
            (
                Permission(data_actions=("*",), not_data_actions=("*/getSecret/action",)),
                Permission(data_actions=(READ_VALUE.upper(),)),
            ),
        ),
        Role("blind", "Values alone", (Permission(data_actions=(READ_VALUE,)),)),
    )
}


def has(*roles: str, conditional: bool = False) -> list[Assignment]:
    return [Assignment(role, ME, "User", conditional) for role in roles]


@pytest.mark.parametrize(
    ("roles", "value", "vault"),
    [
        ((), Outcome.MISSING, Outcome.MISSING),
        ((SECRETS_USER,), Outcome.GRANTED, Outcome.MISSING),
        ((READER,), Outcome.MISSING, Outcome.GRANTED),
        (("owner",), Outcome.MISSING, Outcome.MISSING),
        (("contributor",), Outcome.MISSING, Outcome.MISSING),
        (("all",), Outcome.GRANTED, Outcome.MISSING),
        (("but",), Outcome.MISSING, Outcome.MISSING),
        (("both",), Outcome.GRANTED, Outcome.MISSING),
        (("owner", SECRETS_USER), Outcome.GRANTED, Outcome.GRANTED),
        (("owner", "blind"), Outcome.GRANTED, Outcome.MISSING),
        (("unknown",), Outcome.MISSING, Outcome.MISSING),
    ],
)
def test_what_roles_allow(roles: tuple[str, ...], value: Outcome, vault: Outcome) -> None:
    assert may(SECRET_VALUE, ME, has(*roles), ROLES, ()).outcome is value
    assert may_read_vault(ME, has(*roles), ROLES, ()).outcome is vault


def test_roles_that_do_not_help_are_named() -> None:
    assert may(SECRET_VALUE, ME, has("owner", "contributor", "owner"), ROLES, ()).others == ("Owner", "Contributor")


def test_a_condition_decides_nothing_unless_another_role_does() -> None:
    conditional = has(SECRETS_USER, conditional=True)

    assert may(SECRET_VALUE, ME, conditional, ROLES, ()).outcome is Outcome.CONDITIONAL
    assert may(SECRET_VALUE, ME, [*conditional, *has("all")], ROLES, ()).outcome is Outcome.GRANTED
    assert may_read_vault(ME, has(READER, conditional=True), ROLES, ()).outcome is Outcome.CONDITIONAL


@pytest.mark.parametrize(
    ("principals", "excluded", "outcome"),
    [
        (((ME, "serviceprincipal"),), (), Outcome.DENIED),
        (((EVERYBODY, "systemdefined"),), (), Outcome.DENIED),
        (((EVERYBODY, "systemdefined"),), ((ME, "user"),), Outcome.GRANTED),
        (((EVERYBODY, "systemdefined"),), ((GROUP, "group"),), Outcome.UNCLEAR),
        (((GROUP, "group"),), (), Outcome.UNCLEAR),
        (((GROUP, "user"),), (), Outcome.GRANTED),
    ],
)
def test_whom_a_deny_assignment_is_for(
    principals: tuple[tuple[str, str], ...], excluded: tuple[tuple[str, str], ...], outcome: Outcome
) -> None:
    denial = Denial("locked", SCOPE, (Permission(data_actions=("*",)),), principals, excluded)

    verdict = may(SECRET_VALUE, ME, has(SECRETS_USER), ROLES, [denial])

    assert verdict.outcome is outcome
    assert verdict.denied_by == ("" if outcome is Outcome.GRANTED else "locked")


def test_a_deny_assignment_for_something_else_denies_nothing() -> None:
    denial = Denial(
        "keys", SCOPE, (Permission(("*",), (), ("Microsoft.KeyVault/vaults/keys/*",)),), ((ME, "user"),), ()
    )

    assert may(SECRET_VALUE, ME, has(SECRETS_USER), ROLES, [denial]).outcome is Outcome.GRANTED


def test_who_has_no_role_is_not_told_of_what_is_denied() -> None:
    denial = Denial("locked", SCOPE, (Permission(data_actions=("*",)),), ((ME, "user"),), ())

    assert may(SECRET_VALUE, ME, (), ROLES, [denial]).outcome is Outcome.MISSING


@given(some.text("*ab/", max_size=8), some.text("ab/", max_size=10))
def test_patterns_match_as_expressions_do(pattern: str, operation: str) -> None:
    expression = "".join(".*" if character == "*" else re.escape(character) for character in pattern)

    assert matches(pattern, operation) == bool(re.fullmatch(expression, operation))


def test_many_stars_take_no_time() -> None:
    assert not matches("*a" * 5000, READ_VALUE)
