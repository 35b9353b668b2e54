"""What an image's config says, and how two of them differ: strangers' data of any shape."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bumper import settings_inside


def inside(**config: Any) -> dict[str, str]:
    return settings_inside.read({"config": config})


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(
            {"Volumes": {"/var/lib/postgresql/data": {}}},
            {"Volumes": {"/var/lib/postgresql": {}}},
            [("VOLUME /var/lib/postgresql", "", "yes"), ("VOLUME /var/lib/postgresql/data", "yes", "")],
            id="a-volume-moves-as-in-postgres-18",
        ),
        pytest.param({}, {"User": "1001"}, [("USER", "", "1001")], id="root-becomes-a-user"),
        pytest.param(
            {"ExposedPorts": {"80/tcp": {}}}, {"ExposedPorts": {"8080/tcp": {}}},
            [("PORT 80/tcp", "yes", ""), ("PORT 8080/tcp", "", "yes")], id="a-port-moves",
        ),
        pytest.param(
            {"Entrypoint": ["/a", "b"]}, {"Entrypoint": ["/a"]},
            [("ENTRYPOINT", "/a b", "/a")], id="a-command-is-one-line",
        ),
        pytest.param(
            {"Env": ["A=1", "DB_PASSWORD=one"]}, {"Env": ["A=2", "DB_PASSWORD=two", "API_TOKEN=x"]},
            [("ENV A", "1", "2"), ("ENV API_TOKEN", "", "***")], id="a-secret-is-never-shown",
        ),
        pytest.param(
            {"Env": ["PATH=/a", "NGINX_VERSION=1.25", "PG_SHA256=a"]},
            {"Env": ["PATH=/b", "NGINX_VERSION=1.26", "PG_SHA256=b"]},
            [], id="what-changes-with-every-release-is-noise",
        ),
        pytest.param({"Healthcheck": {"Test": ["CMD", "x"]}}, {}, [("HEALTHCHECK", "CMD x", "")], id="a-check-is-gone"),
        pytest.param({"Labels": {"maintainer": "a"}}, {"Labels": {"maintainer": "b"}}, [], id="other-labels-do-not-count"),
    ],
)  # fmt: skip
def test_what_differs(
    before: dict[str, Any], after: dict[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    found = settings_inside.differences(inside(**before), inside(**after))
    assert sorted((one.name, one.before, one.after) for one in found) == sorted(expected)


def test_what_means_something_comes_first() -> None:
    found = settings_inside.differences(inside(Env=["A=1"]), inside(Env=["A=2"], User="app"))
    assert [one.name for one in found] == ["USER", "ENV A"]
    gone = settings_inside.differences(inside(Env=["A=1"]), inside(User="app"))
    assert [one.means for one in gone if one.name == "ENV A"] == ["it may no longer be read"]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
_KEYS = st.sampled_from(["User", "Env", "Cmd", "Volumes", "ExposedPorts", "Healthcheck", "Labels"])


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(_KEYS, _JSON) | _JSON)
def test_no_shape_ends_in_a_fault(config: Any) -> None:
    found = settings_inside.read({"config": config})
    assert all(value != "" for value in found.values())
    assert settings_inside.differences(found, found) == ()
