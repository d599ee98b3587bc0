"""Admin: the staff's pages."""

from .routes import ROUTES

__all__ = ["ROUTES"]
