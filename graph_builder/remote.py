"""Asking another server: with a deadline, a longest answer, and one line for whatever goes wrong."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlencode, urlsplit

from graph_builder.problems import UsageError, printable

SECONDS = 30.0
LONGEST = 5_000_000
_CHUNK = 65_536


def ask_json(address: str, form: dict[str, str], accept: str, seconds: float = SECONDS, longest: int = LONGEST) -> Any:
    """Send a form to an address and return the JSON that it answers with.

    ``seconds`` is for the whole exchange, ``longest`` in bytes. Raises UsageError, in one line, for an address
    that is none, a server that is down, slow or refuses, and an answer that is too long or no JSON.
    """
    shown = printable(address, 100)
    if urlsplit(address).scheme not in ("http", "https"):
        raise UsageError(f"{shown} is no web address; write it from http:// or https://")
    request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
        address,
        data=urlencode(form).encode(),
        headers={"Accept": accept, "User-Agent": "logistics-pacts (https://w3id.org/logistics-pacts)"},
    )
    end = time.monotonic() + seconds
    content = bytearray()
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310
            media = answer.headers.get_content_type()
            while chunk := answer.read1(_CHUNK):
                content += chunk
                if len(content) > longest:
                    raise UsageError(f"{shown} sends more than {longest:,} bytes; ask for less, or allow longest")
                if time.monotonic() > end:
                    raise TimeoutError
    except TimeoutError:
        raise UsageError(f"{shown} takes more than {seconds:g} s; ask for less, or allow more seconds") from None
    except urllib.error.HTTPError as error:
        raise UsageError(f"{shown} answers {error.code} {printable(str(error.reason), 60)}") from None
    except (urllib.error.URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, TimeoutError):
            raise UsageError(f"{shown} takes more than {seconds:g} s; ask for less, or allow more seconds") from None
        raise UsageError(f"{shown} does not answer: {printable(str(reason), 80)}") from None
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise UsageError(f"{shown} answers {media}, which is no JSON; is it the address of the service?") from None
