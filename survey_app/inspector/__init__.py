"""Inspector: what an inspector does on a phone, for the schools that are assigned."""

from .routes import ROUTES as ROUTES
