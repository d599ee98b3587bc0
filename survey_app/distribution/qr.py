"""The one door to the QR encoder: a matrix, and our own compact SVG of it."""

import qrcode
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q

from survey_app.foundation.pdf import QrMatrix, dark_runs

QUIET_ZONE = 4  # modules
LEVELS = {"poster": ERROR_CORRECT_Q, "slip": ERROR_CORRECT_M}


def qr_matrix(url: str, level: str = "poster") -> QrMatrix:
    """The modules of the code, quiet zone included; true is black."""
    code = qrcode.QRCode(error_correction=LEVELS[level], border=QUIET_ZONE)
    code.add_data(url)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def qr_svg(url: str, label: str) -> str:
    """An SVG of the code with a title for those who cannot see it; scales to any size."""
    matrix = qr_matrix(url)
    size = len(matrix)
    path = "".join(f"M{column} {row}h{length}v1h-{length}z" for row, column, length in dark_runs(matrix))
    title = label.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="320" height="320" role="img" '
        f'shape-rendering="crispEdges"><title>{title}</title><path fill="#fff" d="M0 0h{size}v{size}h-{size}z"/>'
        f'<path d="{path}"/></svg>'
    )
