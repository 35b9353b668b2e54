"""The redactor: every form of a secret, and nothing else."""

from __future__ import annotations

import base64
import html
import json
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bumper import redact
from bumper.keychains.base import Credentials

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECRET = "s3cr3t/+ %\"'<&>é=="


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    redact.forget()
    yield
    redact.forget()


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(str, id="plain"),
        pytest.param(lambda text: quote(text, safe=""), id="url"),
        pytest.param(lambda text: quote(text, safe="").lower(), id="url-lower"),
        pytest.param(quote_plus, id="form"),
        pytest.param(json.dumps, id="json"),
        pytest.param(lambda text: json.dumps(text, ensure_ascii=False), id="json-utf-8"),
        pytest.param(repr, id="python"),
        pytest.param(html.escape, id="html"),
        pytest.param(lambda text: base64.b64encode(text.encode()).decode(), id="base64"),
        pytest.param(lambda text: base64.urlsafe_b64encode(f"a:{text}".encode()).decode(), id="url-safe"),
    ],
)  # fmt: skip
def test_rule_l1_a_secret_is_masked_in_every_form(write: Callable[[str], str]) -> None:
    redact.learn(SECRET)
    written = write(SECRET)
    assert written.strip("'\"") not in redact.clean(f"before {written} after")
    assert redact.clean(f"before {written} after").startswith("before ")


@given(st.text(max_size=9), st.text(min_size=8, max_size=40), st.text(max_size=9))
def test_rule_l1_base64_of_anything_around_a_secret_hides_it(a: str, secret: str, b: str) -> None:
    assume(len(secret.strip()) >= 8 and secret == secret.strip() and "\n" not in secret)
    redact.learn(secret)
    whole = base64.b64encode(f"{a}:{secret}{b}".encode(errors="surrogatepass")).decode()
    cleaned = redact.clean(whole)
    assert "***" in cleaned
    assert len(cleaned) - 3 <= len(whole) - len(secret)


def test_credentials_tell_of_themselves_and_of_their_pair() -> None:
    Credentials("ada", "correct horse", "test")
    pair = base64.b64encode(b"ada:correct horse").decode()
    assert redact.clean(f"Basic {pair}, correct horse") == "Basic ***, ***"
    assert "horse" not in repr(Credentials("ada", "correct horse", "test"))


def test_the_longer_of_two_secrets_is_masked_whole() -> None:
    redact.learn("abcdef", "xxabcdefyy")
    assert redact.clean("xxabcdefyy abcdef") == "*** ***"


def test_a_key_of_several_lines_is_masked_line_by_line() -> None:
    key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0\nAQEFAASCBKcwggSjAgEAAo\n-----END KEY-----"
    redact.learn(key)
    assert "MIIEvQIBADANBgkqhkiG9w0" not in redact.clean("at MIIEvQIBADANBgkqhkiG9w0 it broke")


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("https://bot:pw@git.example/x", "https://***@git.example/x"),
        ("cloning ssh://git@host/x", "cloning ssh://***@host/x"),
        ("docker://alpine:3@sha256:abc", "docker://alpine:3@sha256:abc"),
        ("https://h/x@y", "https://h/x@y"),
        ("nginx:1.25@sha256:abc", "nginx:1.25@sha256:abc"),
    ],
)
def test_the_login_of_a_url_is_masked(text: str, cleaned: str) -> None:
    assert redact.clean(text) == cleaned


def test_words_stay_words() -> None:
    redact.learn("", "a", "short", "bumper", "target")
    text = '<!-- bumper {"targets":[]} --> a short text'
    assert redact.clean(text) == text


def test_the_environment_is_known_by_its_names() -> None:
    redact.learn_environment(
        {
            "GH_TOKEN": "token-aaaa",
            "db_password": "password-bb",
            "X_TOKEN_FILE": "/run/secrets/x",
            "AWS_SECRET_ACCESS_KEY": "secret-cccc",
            "GOOGLE_APPLICATION_CREDENTIALS": "/etc/key.json",
            "LANGUAGE": "language-d",
        }
    )
    text = "token-aaaa password-bb /run/secrets/x secret-cccc /etc/key.json language-d"
    assert redact.clean(text) == "*** *** /run/secrets/x *** /etc/key.json language-d"
