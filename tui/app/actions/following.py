"""Telling screens what changes in the application, without holding those that were left.

Textual's own ``watch`` (8.2) holds whoever watches an attribute of something else until that changes the next time:
each screen that was left, with its article and its rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from weakref import WeakMethod

from textual.app import App
from textual.dom import DOMNode

Follower = Callable[[Any], None]


class FollowedApp(App[None], inherit_bindings=False):
    """An application whose attributes are followed; ``tell_followers`` is to be called where one has changed.

    Args:
        options: of Textual's application.
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - Textual's own, passed on
        super().__init__(**options)
        self._followers: dict[str, list[WeakMethod[Follower]]] = {}

    def follow(self, name: str, follower: Follower) -> None:
        """Call a method of a widget with each new value of an attribute, as long as that widget is there."""
        there = [one for one in self._followers.get(name, ()) if one() is not None]
        self._followers[name] = [*there, WeakMethod(follower)]

    def tell_followers(self, name: str, value: object) -> None:
        """Call whoever follows an attribute."""
        there = [(one, follower) for one in self._followers.get(name, ()) if (follower := one()) is not None]
        there = [(one, follower) for one, follower in there if cast(Any, follower).__self__.is_running]
        self._followers[name] = [one for one, _ in there]
        for _, follower in there:
            follower(value)


def follow(node: DOMNode, name: str, follower: Follower, *, init: bool = True) -> None:
    """Call a method of a widget with each new value of an attribute of its application, first with that of now."""
    app = cast(FollowedApp, node.app)
    app.follow(name, follower)
    if init:
        follower(getattr(app, name))
