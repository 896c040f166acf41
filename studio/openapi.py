"""The API in OpenAPI's words; a test holds it equal to the routes, another every answer to its schemas."""

from __future__ import annotations

from typing import Any

from studio.accounts import CLIENT_ID_CHARS
from studio.config import package_version
from studio.renders import ID_CHARS
from studio.routes.common import LANGUAGE_CHARS, NAME_CHARS

Json = dict[str, Any]
JSON = "application/json"


def describe() -> Json:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Embedded studio", "version": package_version()},
        "paths": _paths(),
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "owner": {"type": "apiKey", "in": "header", "name": "X-Studio-Secret"},
            },
        },
        "security": [{"bearer": []}],
    }


def _paths() -> Json:
    session = _path("session_id")
    render = _path("render_id")
    media = {"200": _binary("the file"), "206": _binary("a part of it"), "416": _plain("no such part")}
    moved = _reply("Moved")
    return {
        "/health": {"get": _call("Whether it answers", {"200": _json("Health")}, security=[])},
        "/api/openapi.json": {"get": _call("This", {"200": _plain_json()}, security=[])},
        "/api/studio/status": {"get": _call("How it is", _reply("Status"), security=[{"owner": []}])},
        "/api/studio/stop": {"post": _call("Stop it", _reply("Stopping"), security=[{"owner": []}])},
        "/api/auth/anonymous-token": {
            "post": _call(
                "A token for a client",
                _reply("Token"),
                [_header("X-Client-Id", {"type": "string", "minLength": 1, "maxLength": CLIENT_ID_CHARS})],
                security=[{"owner": []}],
            )
        },
        "/api/auth/claim-token": {"post": _call("A token for a page", _reply("Claim"), body="ClaimBody")},
        "/api/tasks/me/with-session/nemo_agent": {
            "post": _call("A new session", _reply("Session"), body="SessionBody")
        },
        "/run_sse": {
            "post": _call("One turn", {"200": _stream(), **_errors()}, body="TurnBody"),
        },
        "/api/upload-video/nemo_agent/me/{session_id}": {
            "post": _call("Files or URLs", _reply("Uploaded"), [session], content=_upload())
        },
        "/api/media/{session_id}/{sha256}": {
            "get": _call("A file of the session", {**media, **_errors()}, [session, _path("sha256")])
        },
        "/api/credits/balance/simple": {"get": _call("Credits", _reply("Balance"))},
        "/api/state/nemo_agent/me/{session_id}/latest": {
            "get": _call("Draft and media", _reply("State"), [session])
        },
        "/api/render/proxy/lambda": {
            "post": _call("Submit a render", {"200": _json("Accepted"), **_errors()}, body="RenderBody")
        },
        "/api/render/proxy/lambda/{render_id}": {
            "get": _call("How far it is", {"200": _json("Render"), **_errors()}, [render])
        },
        "/api/render/proxy/lambda/{render_id}/cancel": {
            "post": _call("End it", {"200": _json("Render"), **_errors()}, [render])
        },
        "/api/render/proxy/{render_id}/download": {
            "get": _call("Its file", {**media, **_errors()}, [render])
        },
        "/api/preview/{session_id}": {
            "get": _call(
                "A picture of the draft",
                {"200": _binary("PNG or raw RGB"), **_errors()},
                [
                    session,
                    _query("px", {"type": "integer", "minimum": 16, "maximum": 2048}),
                    _query("at", {"type": "integer", "minimum": 0, "maximum": 600_000}),
                    _query("format", {"enum": ["png", "rgb"]}),
                ],
            )
        },
        "/api/sessions": {"get": _call("The account's sessions", _reply("Sessions"))},
        "/api/sessions/{session_id}": {"delete": _call("Delete one", _reply("Deleted"), [session])},
        "/api/versions/{session_id}": {"get": _call("Draft versions", _reply("Versions"), [session])},
        "/api/versions/{session_id}/undo": {"post": _call("One back", moved, [session])},
        "/api/versions/{session_id}/redo": {"post": _call("One forward", moved, [session])},
        "/api/versions/{session_id}/{n}": {
            "post": _call("That one", moved, [session, _path("n", {"type": "integer", "minimum": 0})])
        },
        "/api/events/{session_id}": {
            "get": _call("What happens", {"200": _stream(), **_errors()}, [session])
        },
    }


def _schemas() -> Json:
    text, number, whole = {"type": "string"}, {"type": "number"}, {"type": "integer"}
    moment = {"type": "string", "format": "date-time"}
    flag, anything = {"type": "boolean"}, {"type": "object"}
    named = {"type": "string", "maxLength": NAME_CHARS}
    file = _object(
        filename=text,
        file_type={"enum": ["image", "video", "audio"]},
        cdn_url=text,
        duration=number,
        width=whole,
        height=whole,
        fps=number,
        hash={"type": "string", "pattern": "^[0-9a-f]{64}$"},
    )
    files = {"type": "array", "items": file}
    status = {"enum": ["pending", "processing", "completed", "failed"]}
    progress = {"type": "integer", "minimum": 0, "maximum": 100}
    output = _object(url=text, duration=number, size=whole, format=text)
    draft = _object(t={"type": "array"}, d=number, m=anything, need=("t",))
    state = _object(
        draft=draft,
        video_infos=files,
        canvas_config=anything,
        generated_media={"type": "array", "items": anything},
        video_analyses=anything,
    )
    version = _object(
        version=whole, parent={"type": ["integer", "null"]}, created_at=moment, tracks=whole, duration=number
    )
    listed = _object(session_id=text, task_id=text, task_name=text, language=text, updated_at=moment)
    return {
        "Health": _object(ok=flag, version=text),
        "Status": _object(version=text, pid=whole, uptime=number, data=text, ready=flag, busy=flag),
        "Stopping": _object(stopping=flag),
        "Token": _object(token=text, user_id=text, credits=whole, expires_at=moment),
        "Claim": _object(claim_token=text, expires_in=whole),
        "Session": _object(task_id=text, session_id=text, user_id=text),
        "Uploaded": _object(files=files, session_state_applied=flag),
        "Balance": _object(available=whole, frozen=whole, total=whole),
        "State": _object(session_id=text, task_id=text, task_name=text, user_id=text, state=state),
        "Accepted": _object(id=text, status=status, progress=progress),
        "Render": _object(
            taskId=text,
            id=text,
            status=status,
            progress=progress,
            output={"anyOf": [output, {"type": "null"}]},
            error={"type": ["string", "null"]},
        ),
        "Sessions": _object(sessions={"type": "array", "items": listed}),
        "Deleted": _object(session_id=text, deleted=flag),
        "Versions": _object(current=whole, versions={"type": "array", "items": version}),
        "Moved": _object(version=whole, draft=draft),
        "Error": _object(code=whole, message=text, data={"type": "null"}),
        "ClaimBody": _object(task_id=named, session_id=named),
        "SessionBody": _object(
            task_name=named, language={"type": "string", "maxLength": LANGUAGE_CHARS}, need=()
        ),
        "TurnBody": _object(
            app_name=text,
            user_id=text,
            session_id=named,
            new_message=_object(
                role=text,
                parts={"type": "array", "minItems": 1, "items": _object(text=text)},
                need=("parts",),
            ),
            need=("session_id", "new_message"),
        ),
        "RenderBody": _object(
            id={"type": "string", "pattern": "^[A-Za-z0-9_.:-]+$", "maxLength": ID_CHARS},
            sessionId=named,
            draft=draft,
            output=_object(format=text, need=("format",)),
            need=("id", "sessionId", "draft"),
        ),
        "UrlBody": _object(
            urls={"type": "array", "minItems": 1, "items": text}, source_type={"const": "url"}, need=("urls",)
        ),
    }


def _object(*, need: tuple[str, ...] | None = None, **properties: Json) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties if need is None else need),
    }


def _call(
    summary: str,
    responses: Json,
    parameters: list[Json] | None = None,
    *,
    body: str = "",
    content: Json | None = None,
    security: list[Json] | None = None,
) -> Json:
    call: Json = {"summary": summary, "parameters": parameters or [], "responses": responses}
    if body:
        content = {JSON: {"schema": _ref(body)}}
    if content is not None:
        call["requestBody"] = {"required": True, "content": content}
    return call if security is None else {**call, "security": security}


def _reply(schema: str) -> Json:
    """An enveloped answer."""
    envelope = _object(code={"const": 0}, message={"type": "string"}, data=_ref(schema))
    return {"200": {"description": schema, "content": {JSON: {"schema": envelope}}}, **_errors()}


def _errors() -> Json:
    return {"default": {"description": "Refused", "content": {JSON: {"schema": _ref("Error")}}}}


def _json(schema: str) -> Json:
    return {"description": schema, "content": {JSON: {"schema": _ref(schema)}}}


def _ref(schema: str) -> Json:
    return {"$ref": f"#/components/schemas/{schema}"}


def _binary(description: str) -> Json:
    return {"description": description, "content": {"*/*": {}}}


def _plain(description: str) -> Json:
    return {"description": description, "content": {"text/plain": {}}}


def _plain_json() -> Json:
    return {"description": "OpenAPI 3.1", "content": {JSON: {"schema": {"type": "object"}}}}


def _stream() -> Json:
    return {"description": "Events until the end", "content": {"text/event-stream": {}}}


def _upload() -> Json:
    files = {"type": "array", "items": {"type": "string", "contentMediaType": "application/octet-stream"}}
    return {"multipart/form-data": {"schema": _object(files=files)}, JSON: {"schema": _ref("UrlBody")}}


def _path(name: str, schema: Json | None = None) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": schema or {"type": "string"}}


def _query(name: str, schema: Json) -> Json:
    return {"name": name, "in": "query", "schema": schema}


def _header(name: str, schema: Json) -> Json:
    return {"name": name, "in": "header", "required": True, "schema": schema}
