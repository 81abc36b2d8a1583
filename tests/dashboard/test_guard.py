"""Who is let in: addresses, origins, tokens, and what a browser may do with an answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from allocate.dashboard.serve import checked_host
from allocate.errors import CaseError
from tests.dashboard.asgi import COOKIE, HOST, SMALL, TOKEN, Client, dashboard


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("small")
    (folder / "case.yaml").write_text(SMALL, encoding="utf-8")
    with dashboard(folder) as found:
        yield found


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"host": "localhost:8000"}, 400),
        ({"host": "evil.example"}, 400),
        ({"host": "evil.example:8000", "origin": "http://evil.example:8000"}, 400),
        ({"host": "127.0.0.1"}, 400),
        ({"host": ""}, 400),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": f"http://{HOST}"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"cookie": ""}, 403),
        ({"cookie": f"{COOKIE}=wrong"}, 403),
        ({"cookie": f"other=1; {COOKIE}={TOKEN}"}, 200),
        ({"content-length": "99999999"}, 413),
        ({"content-length": "many"}, 413),
    ],
)
def test_a_page_is_for_the_browser_that_opened_it(client: Client, headers: dict[str, str], status: int) -> None:
    """Another name for the address (DNS rebinding) is answered 400, another site or no token 403."""
    assert client.ask("GET", "/", headers).status == status


@pytest.mark.parametrize("path", ["/plan", "/levers", "/scenario"])
def test_a_form_of_another_site_changes_nothing(client: Client, path: str) -> None:
    """A form without the page's own token, from another origin, or of another kind is refused."""
    right = client.form_token
    assert client.post(path, origin="http://evil.example").status == 403
    assert client.post(path, sec_fetch_site="cross-site").status == 403
    client.form_token = "guessed"
    assert client.post(path).status == 403
    client.form_token = right
    assert client.post(path, content_type="text/plain").status == 415
    assert client.get(path).status == 405
    assert client.ask("DELETE", path).status == 405


def test_the_address_with_the_token_gives_the_cookie_once(client: Client) -> None:
    """It leads to the address without it; no script can read the cookie, and no other site sends it."""
    got = client.get(f"/?token={TOKEN}", cookie="")
    assert (got.status, got.headers["location"]) == (303, "/")
    assert got.headers["set-cookie"] == f"{COOKIE}={TOKEN}; Path=/; HttpOnly; SameSite=Strict"
    assert client.get("/?token=wrong", cookie="").status == 403


@pytest.mark.parametrize("path", ["/", "/static/0000/style.css", "/nowhere"])
def test_every_answer_says_what_a_browser_may_do(client: Client, path: str) -> None:
    """Only scripts from here, no text as code, no frames, nothing kept."""
    headers = client.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


def test_the_page_names_no_other_host(client: Client) -> None:
    """Whatever the page refers to is on the same host."""
    text = client.get("/").text
    assert "http://" not in text
    assert "https://" not in text
    assert "<script>" not in text
    assert "style=" not in text


@pytest.mark.parametrize(
    ("host", "token", "said"),
    [
        ("0.0.0.0", "a-long-enough-token", "more than one"),
        ("::", "a-long-enough-token", "more than one"),
        ("192.168.1.20", None, "others reach 192.168.1.20"),
        ("192.168.1.20", "short", "16 characters or more"),
        ("127.0.0.1", "no spaces in a token", "16 characters or more"),
        ("example.com", "a-long-enough-token", "is not an address of this machine"),
    ],
)
def test_others_are_let_in_only_with_a_token(host: str, token: str | None, said: str) -> None:
    """An address that others reach needs a token, and every address at once is none."""
    with pytest.raises(CaseError, match=said):
        checked_host(host, token)


def test_this_machine_needs_no_token_of_ones_own() -> None:
    """Loopback goes by itself, any other address with a token."""
    assert checked_host("127.0.0.1", None) == checked_host("localhost", None) == "127.0.0.1"
    assert checked_host("::1", None) == "::1"
    assert checked_host("192.168.1.20", "a-long-enough-token") == "192.168.1.20"
