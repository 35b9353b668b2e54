"""Links to a next page: table b4 of forms seen in the wild, and what must never pass for the end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bumper.errors import UnreachableError
from bumper.registries.links import next_page

HERE = "https://r.example/v2/x/tags/list?n=100"
ROOT = "https://r.example"


@pytest.mark.parametrize(
    ("links", "wanted"),
    [
        pytest.param(['</v2/x/tags/list?n=100&last=b>; rel="next"'], f"{ROOT}/v2/x/tags/list?n=100&last=b", id="relative"),
        pytest.param([f'<{ROOT}/v2/x/tags/list?last=b>; rel="next"'], f"{ROOT}/v2/x/tags/list?last=b", id="absolute"),
        pytest.param(['<?last=b&n=2>; rel="next"'], f"{ROOT}/v2/x/tags/list?last=b&n=2", id="query-alone"),
        pytest.param(["</p1>"], f"{ROOT}/p1", id="no-relation-at-all"),
        pytest.param(['</p1>; rel="next", </p2>; rel="next", </i>; rel=index'], f"{ROOT}/p1", id="the-first-next"),
        pytest.param(["</i>; rel=index", '</p1>; rel="next"'], f"{ROOT}/p1", id="several-lines"),
        pytest.param(['\t</i>;\trel=index\n,\n </p1>\t;rel = "next"'], f"{ROOT}/p1", id="tabs-and-newlines"),
        pytest.param(["</c2>; rel=\"previous\"; title*=UTF-8'de'x, </c4>; rel=\"next\""], f"{ROOT}/c4", id="previous-first"),
        pytest.param(['</a>; title="a, b; <c>"; rel=prev, </p>; rel=next'], f"{ROOT}/p", id="comma-in-quotes"),
        pytest.param(["</p>; rel=NEXT"], f"{ROOT}/p", id="case"),
        pytest.param(['</p>; rel="last next"'], f"{ROOT}/p", id="several-relations"),
        pytest.param(["</v2/_catalog?last=f35%2Fs2i-base&n=100>; rel=next"], f"{ROOT}/v2/_catalog?last=f35%2Fs2i-base&n=100", id="percent-forms-stay"),
        pytest.param(["<?next_page=gAAAA%3D%3D&n=50>; rel=next"], f"{ROOT}/v2/x/tags/list?next_page=gAAAA%3D%3D&n=50", id="opaque-quay"),
        pytest.param(["<?NextToken=a+b/c=>; rel=next"], f"{ROOT}/v2/x/tags/list?NextToken=a+b/c=", id="opaque-ecr-public"),
        pytest.param(['</p>; rel="prev"'], None, id="previous-alone"),
        pytest.param([], None, id="none"),
        pytest.param([""], None, id="empty"),
        pytest.param(["<>"], None, id="empty-address"),
        pytest.param([" , "], None, id="empty-elements"),
    ],
)  # fmt: skip
def test_row_62_b4_links(links: list[str], wanted: str | None) -> None:
    assert next_page(links, HERE, {}) == wanted


@pytest.mark.parametrize(
    "link",
    [
        "<", "><", "</path", '</p; rel="next"', "\\", '</p>; rel="next" media="print"', "</p\x7f>; rel=next",
        "</p q>; rel=next", '</p>; rel="next', "text", "</a>; rel=prev, <", "</p>; rel=next x, </q>",
        '<\\\\evil.example/x>; rel="next"', "<https://evil.example/x>; rel=next", "<http://r.example/x>; rel=next",
        "<https://r.example:8443/x>; rel=next", "<//evil.example/x>; rel=next", "<https://r@evil.example/x>; rel=next",
        "<https://r.example@evil.example/x>; rel=next", "<http://169.254.169.254/latest>; rel=next",
        "<file:///etc/passwd>; rel=next", "<https://[::1>; rel=next", "<javascript:x>; rel=next",
    ],
)  # fmt: skip
def test_row_63_b4_a_broken_or_foreign_link_is_never_the_end(link: str) -> None:
    with pytest.raises(UnreachableError) as caught:
        next_page([link], HERE, {})
    assert caught.value.code == "list-cut"


@pytest.mark.parametrize(
    ("link", "wanted"),
    [
        pytest.param("</api/docker/real/v2/x/tags/list?last=b&n=50>; rel=next", f"{ROOT}/v2/x/tags/list?n=50&last=b", id="the-prefix-is-lost"),
        pytest.param("<https://inside.example/v2/x/tags/list?last=b>; rel=next", f"{ROOT}/v2/x/tags/list?n=100&last=b", id="an-inner-host"),
    ],
)  # fmt: skip
def test_row_77_artifactory_keeps_our_own_path(link: str, wanted: str) -> None:
    assert next_page([link], HERE, {"x-jfrog-version": "Artifactory/7"}) == wanted


def test_row_77_artifactory_without_a_cursor_is_cut() -> None:
    with pytest.raises(UnreachableError):
        next_page(["</p>; rel=next"], HERE, {"x-artifactory-id": "a"})


@given(st.lists(st.text(max_size=60), max_size=3))
def test_b4_any_text_is_an_own_page_the_end_or_an_error(links: list[str]) -> None:
    try:
        found = next_page(links, HERE, {})
    except UnreachableError:
        return
    assert found is None or found.startswith(f"{ROOT}/") or found == ROOT
