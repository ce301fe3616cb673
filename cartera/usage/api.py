"""Events in by HTTP, as the clients of Segment's tracking API send them. Answers when they are safely on disk."""

import base64
import binascii
import zlib
from typing import Any

import orjson
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cartera.kit.clock import now
from cartera.usage import journal, keys, rules
from cartera.usage.journal import Frame

DONE = orjson.dumps({"success": True})
# Pages of the product send from the browser, without cookies: any of them may.
FROM_ANYWHERE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "authorization, content-type, content-encoding",
    "Access-Control-Max-Age": "86400",
}


class Unfit(Exception):
    """The request cannot be taken; the client is told why."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


@csrf_exempt
@login_not_required
@require_http_methods(["POST", "OPTIONS"])
def receive(request: HttpRequest, call: str) -> HttpResponse:
    """Take one message, or a batch of them: 200 once they are on disk, 400, 401, 413, or 503 for "again, later"."""
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=FROM_ANYWHERE)
    try:
        body = _unpacked(request, rules.BODY_LIMIT if call in rules.MANY else rules.MESSAGE_LIMIT)
        given = _parsed(body, call)
        key_id = keys.known(_key(request, given))
        if key_id is None:
            raise Unfit(401, "invalid_write_key", "The write key is missing, unknown or revoked.")
        journal.own().keep(Frame(call, key_id, now(), body))
    except Unfit as why:
        return _refused(why)
    except OSError as error:
        return _refused(Unfit(503, "not_written", f"Nothing was accepted; send it again. {type(error).__name__}"))
    return HttpResponse(DONE, content_type="application/json", headers=FROM_ANYWHERE)


def _unpacked(request: HttpRequest, limit: int) -> bytes:
    """The body as JSON text, of at most *limit* bytes."""
    too_large = Unfit(413, "too_large", f"The body is larger than {limit // 1024} KB.")
    if int(request.headers.get("Content-Length") or 0) > limit:
        raise too_large
    body = request.body
    match request.headers.get("Content-Encoding", "identity").lower():
        case "identity" | "":
            pass
        case "gzip":
            body = _inflated(body, limit)
        case other:
            raise Unfit(400, "unknown_encoding", f"Content-Encoding {other} is not known; use gzip, or none.")
    if len(body) > limit:
        raise too_large
    return body


def _inflated(body: bytes, limit: int) -> bytes:
    try:
        inflating = zlib.decompressobj(wbits=31)
        return inflating.decompress(body, limit + 1)
    except zlib.error:
        raise Unfit(400, "not_gzip", "The body is not what gzip writes, though its header says so.") from None


def _parsed(body: bytes, call: str) -> dict[str, Any]:
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Unfit(400, "not_json", f"The body is not JSON: {error}") from None
    if not isinstance(given, dict):
        raise Unfit(400, "not_an_object", "The body must be a JSON object.")
    if call in rules.MANY and not isinstance(given.get("batch"), list):
        raise Unfit(400, "no_batch", 'The body must have a list called "batch".')
    return given


def _key(request: HttpRequest, given: dict[str, Any]) -> str:
    """The write key: the user name of basic authentication, or in the body, where browsers put it."""
    scheme, _space, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(credentials, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            raise Unfit(401, "invalid_write_key", "The Authorization header is not basic authentication.") from None
    key = given.get("writeKey")
    return key if isinstance(key, str) else ""


def _refused(why: Unfit) -> HttpResponse:
    said = orjson.dumps({"success": False, "code": why.code, "message": why.message})
    headers = FROM_ANYWHERE | ({"WWW-Authenticate": 'Basic realm="write key"'} if why.status == 401 else {})
    return HttpResponse(said, status=why.status, content_type="application/json", headers=headers)
