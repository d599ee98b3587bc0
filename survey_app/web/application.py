"""Flask as this application uses it."""

from collections.abc import Callable
from typing import Any

from flask import Flask


class Application(Flask):
    """No view is a coroutine, so Flask need not look at each of them, and at what runs before it, with each request."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function itself."""
        return func
