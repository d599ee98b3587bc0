"""The one door to the QR encoder: a matrix, and our own compact SVG and PNG of it."""

import struct
import zlib

import qrcode
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q

from survey_app.foundation.pdf import QrMatrix, dark_runs

DOTS = 12  # of a picture, a module: sharp in a message and on A6
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


def qr_png(url: str) -> bytes:
    """Return the code as a picture of black and white dots, for messages and documents that take no SVG."""
    matrix = qr_matrix(url)
    width = DOTS * len(matrix)
    lines = b"".join(DOTS * (b"\0" + _packed([not module for module in row for _dot in range(DOTS)])) for row in matrix)
    head = struct.pack(">IIBBBBB", width, width, 1, 0, 0, 0, 0)  # one bit a dot, grey
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _packed(dots: list[bool]) -> bytes:
    """Eight dots a byte, the last one filled up."""
    bits = "".join("1" if dot else "0" for dot in dots).ljust(-(-len(dots) // 8) * 8, "0")
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
