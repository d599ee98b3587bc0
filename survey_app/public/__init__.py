"""Public: what anybody may read without a login and without a form."""

from .routes import ROUTES

__all__ = ["ROUTES"]
