"""The description of the API: the same endpoints as the code, the same answers as the server."""

from __future__ import annotations

import re
from typing import Any

import pytest
from starlette.routing import Route

from studio.openapi import describe
from studio.routes import owner
from studio.routes.everything import GROUPS
from tests.studio.serving import PORTRAIT, Caller, StudioProcess, drawing

API = describe()
_TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
    "integer": int,
    "number": (int, float),
}


def problems(value: Any, schema: dict[str, Any], at: str = "$") -> list[str]:
    """Where a value differs from its schema, in as much of JSON Schema as the description uses."""
    if "$ref" in schema:
        return problems(value, API["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], at)
    if "anyOf" in schema:
        tried = [problems(value, one, at) for one in schema["anyOf"]]
        return [] if any(found == [] for found in tried) else tried[0]
    kinds = schema.get("type", [])
    wanted = [_TYPES[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds)]
    if wanted and not any(isinstance(value, kind) for kind in wanted):
        return [f"{at}: {value!r} is no {kinds}"]
    found = []
    if value not in schema.get("enum", [value]) or value != schema.get("const", value):
        found.append(f"{at}: {value!r} is not allowed")
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        found.append(f"{at}: {value!r} has another form")
    if isinstance(value, dict):
        found += [f"{at}.{name} is missing" for name in schema.get("required", ()) if name not in value]
        for name, inner in schema.get("properties", {}).items():
            found += problems(value[name], inner, f"{at}.{name}") if name in value else []
    for number, one in enumerate(value if isinstance(value, list) else ()):
        found += problems(one, schema.get("items", {}), f"{at}[{number}]")
    return found


def check(reply: Any, method: str, path: str) -> None:
    """The answer is one that the description knows."""
    responses = API["paths"][path][method]["responses"]
    described = responses.get(str(reply.status_code), responses.get("default"))
    assert described is not None, reply.status_code
    schema = described["content"]["application/json"]["schema"]
    assert problems(reply.json(), schema) == []


def test_every_endpoint_is_described_and_nothing_else() -> None:
    routes = [route for group in (owner, *GROUPS) for route in group.routes]
    there = {
        (re.sub(r":\w+}", "}", route.path), method.lower())
        for route in routes
        for method in (route.methods or ())
        if isinstance(route, Route) and method != "HEAD"
    }
    assert there == {(path, method) for path, item in API["paths"].items() for method in item}


def test_every_reference_leads_somewhere() -> None:
    schemas = API["components"]["schemas"]
    used = set(re.findall(r"#/components/schemas/(\w+)", str(API)))
    assert used == set(schemas)


def test_the_server_tells_its_description(studio: StudioProcess) -> None:
    assert studio.http().get("/api/openapi.json").json() == API


def test_the_answers_are_as_described(studio: StudioProcess, caller: Caller) -> None:
    http, session_id = caller.http, caller.session()
    check(http.get("/health"), "get", "/health")
    check(http.get("/api/studio/status", headers=studio.owner), "get", "/api/studio/status")
    upload = caller.upload(session_id, PORTRAIT)
    check(upload, "post", "/api/upload-video/nemo_agent/me/{session_id}")
    caller.say(session_id, "make a circular avatar")
    check(http.get("/api/credits/balance/simple"), "get", "/api/credits/balance/simple")
    state = http.get(f"/api/state/nemo_agent/me/{session_id}/latest")
    check(state, "get", "/api/state/nemo_agent/me/{session_id}/latest")
    claim = {"session_id": session_id, "task_id": state.json()["data"]["task_id"]}
    check(http.post("/api/auth/claim-token", json=claim), "post", "/api/auth/claim-token")
    check(http.get("/api/sessions"), "get", "/api/sessions")
    check(http.get(f"/api/versions/{session_id}"), "get", "/api/versions/{session_id}")
    check(http.post(f"/api/versions/{session_id}/undo"), "post", "/api/versions/{session_id}/undo")
    check(http.post(f"/api/versions/{session_id}/redo"), "post", "/api/versions/{session_id}/redo")
    check(http.post(f"/api/versions/{session_id}/1"), "post", "/api/versions/{session_id}/{n}")
    submit = caller.submit(session_id, drawing(), {"format": "png"}, "render_described")
    check(submit, "post", "/api/render/proxy/lambda")
    caller.finished("render_described")
    status = http.get("/api/render/proxy/lambda/render_described")
    check(status, "get", "/api/render/proxy/lambda/{render_id}")
    check(http.delete(f"/api/sessions/{session_id}"), "delete", "/api/sessions/{session_id}")


@pytest.mark.parametrize(
    "path", [path for path in API["paths"] if path.startswith("/api/") and "openapi" not in path]
)
def test_refusals_are_as_described(studio: StudioProcess, path: str) -> None:
    asked = re.sub(r"{\w+}", "1", path)
    for method in API["paths"][path]:
        reply = studio.http().request(method, asked)
        assert reply.status_code in (400, 401, 402, 403)
        check(reply, method, path)
