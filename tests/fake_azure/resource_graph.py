"""The fake Resource Graph: enough of its query language to look resources up by type, name and id."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from fake_azure.messages import Response, arm_error
from fake_azure.routes import Call

Row = dict[str, Any]
Test = Callable[[Row], bool]
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'[^']*'|\"[^\"]*\")|(?P<word>[A-Za-z_][\w.]*~?)|(?P<sign>=~|==|!=|!~|[(),|=])|(?P<number>\d+))"
)


class _InvalidQueryError(Exception):
    """A query that the fake does not understand."""


def answer(call: Call) -> Response:
    given = call.request.json()
    subscriptions = given.get("subscriptions")
    rows: list[Row] = []
    if subscriptions is None or call.tenant.scope.split("/")[-1] in [one.lower() for one in subscriptions]:
        rows = [row for row in _resources(call) if call.may(f"{row['type']}/read", row["id"])]
    try:
        rows = _run(given["query"], rows)
    except (_InvalidQueryError, KeyError) as error:
        details = [{"code": "InvalidQuery", "message": f"Query is invalid. {error}"}]
        return Response(
            400, {"error": {"code": "BadRequest", "message": "Please correct the query.", "details": details}}
        )
    options = given.get("options") or {}
    if options.get("resultFormat", "objectArray") != "objectArray":
        return arm_error(400, "BadRequest", "The fake knows objectArray only.")
    # A hundred rows, unless more are asked for.
    size, start = min(int(options.get("$top", 100)), 1000), int(options.get("$skipToken", "0"))
    page = rows[start : start + size]
    body = {"totalRecords": len(rows), "count": len(page), "resultTruncated": "false", "facets": [], "data": page}
    if start + size < len(rows):
        body["$skipToken"] = str(start + size)
    return Response(200, body)


def _resources(call: Call) -> list[Row]:
    tenant = call.tenant
    vaults = (one.resource() for one in tenant.vaults.values() if not one.deleted)
    others = (
        one.resource()
        for found in (tenant.projects, tenant.dev_centers, tenant.storage, tenant.registries)
        for one in found.values()
    )
    return [_row(call, one) for one in (*vaults, *others)]


def _row(call: Call, resource: Row) -> Row:
    words = resource["id"].split("/")
    found = {
        "subscriptionId": call.tenant.subscription,
        "tenantId": call.tenant.id,
        "resourceGroup": words[4].lower(),
        "identity": None,
        "tags": {},
    }
    # The service writes types in lower case.
    return {**found, **resource, "type": resource["type"].lower()}


def _run(query: str, rows: list[Row]) -> list[Row]:
    table, *steps = [part.strip() for part in re.split(r"\|(?=(?:[^']*'[^']*')*[^']*$)", query)]
    if table.lower() != "resources":
        raise _InvalidQueryError(f"table {table}")
    for step in steps:
        verb, _, rest = step.partition(" ")
        if verb == "where":
            tokens = _tokens(rest)
            test = _either(tokens)
            if tokens:
                raise _InvalidQueryError(f"unexpected {tokens[0]}")
            rows = [row for row in rows if test(row)]
        elif verb == "project":
            rows = [_project(rest, row) for row in rows]
        elif verb in ("limit", "take"):
            rows = rows[: int(rest)]
        elif verb == "order":
            pass
        else:
            raise _InvalidQueryError(f"operator {verb}")
    return rows


def _project(columns: str, row: Row) -> Row:
    chosen: Row = {}
    for column in columns.split(","):
        name, _, source = (part.strip() for part in column.partition("="))
        chosen[name] = _value(row, source or name)
    return chosen


def _value(row: Row, path: str) -> Any:
    value: Any = row
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    position = 0
    while position < len(text.rstrip()):
        match = _TOKEN.match(text, position)
        if not match:
            raise _InvalidQueryError(f"at {text[position : position + 20]}")
        tokens.append(match[0].strip())
        position = match.end()
    return tokens


def _take(tokens: list[str]) -> str:
    if not tokens:
        raise _InvalidQueryError("unexpected end")
    return tokens.pop(0)


def _either(tokens: list[str]) -> Test:
    tests = [_both(tokens)]
    while tokens and tokens[0] == "or":
        tokens.pop(0)
        tests.append(_both(tokens))
    return lambda row: any(test(row) for test in tests)


def _both(tokens: list[str]) -> Test:
    tests = [_comparison(tokens)]
    while tokens and tokens[0] == "and":
        tokens.pop(0)
        tests.append(_comparison(tokens))
    return lambda row: all(test(row) for test in tests)


def _comparison(tokens: list[str]) -> Test:
    first = _take(tokens)
    if first == "(":
        test = _either(tokens)
        if _take(tokens) != ")":
            raise _InvalidQueryError("expected )")
        return test
    lower = first == "tolower"
    if lower:
        _take(tokens)
        first = _take(tokens)
        _take(tokens)
    sign = _take(tokens)
    fold = sign.endswith("~") or lower
    wanted = _list(tokens) if sign.rstrip("~") == "in" else [_text(tokens)]
    if sign not in ("==", "=~", "!=", "!~", "in", "in~"):
        raise _InvalidQueryError(f"operator {sign}")

    def test(row: Row) -> bool:
        value = str(_value(row, first))
        found = value.lower() in [one.lower() for one in wanted] if fold else value in wanted
        return found != sign.startswith("!")

    return test


def _list(tokens: list[str]) -> list[str]:
    if _take(tokens) != "(":
        raise _InvalidQueryError("expected (")
    found = [_text(tokens)]
    while _take(tokens) == ",":
        found.append(_text(tokens))
    return found


def _text(tokens: list[str]) -> str:
    token = _take(tokens)
    if token[0] not in "'\"":
        raise _InvalidQueryError(f"expected a text, found {token}")
    return token[1:-1]
