"""Gitea's labels, which go by their numbers.

Source: the API description that Gitea and Forgejo serve at `/swagger.v1.json`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bumper.apis.gitea import GiteaApi

__all__ = ["label_numbers"]

_COLOUR = "#1f6feb"


async def label_numbers(api: GiteaApi, names: tuple[str, ...]) -> list[int]:
    """Give the numbers of some labels, in their order; what is missing is made.

    Raises:
        ForgeError: The server refused, or gave no usable answer.
    """
    known = await _known(api)
    return [known.get(name) or await _made(api, name) for name in names]


async def _known(api: GiteaApi) -> dict[str, int]:
    """Give the number of every label, the lowest where two have one name."""
    listed = sorted((int(one["id"]), one["name"]) for one in await api.all("labels"))
    return {name: number for number, name in reversed(listed)}


async def _made(api: GiteaApi, name: str) -> int:
    """Make a label; where another run has just made it too, all agree on the first."""
    made = await api.call("POST", "labels", {"name": name, "color": _COLOUR})
    number = int(made["id"])
    first = (await _known(api)).get(name, number)
    if first != number:
        await api.call("DELETE", f"labels/{number}")
    return first
