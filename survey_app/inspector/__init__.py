"""Inspector: what responsible inspectors (责任督学) do on a phone: their schools, evaluations, signatures."""

from .routes import ROUTES

__all__ = ["ROUTES"]
