"""How large the files of a reply may be; apart, because routes name it before anything else of the room is loaded."""

MAX_SIZE, MAX_FILES = 10 * 1024 * 1024, 10
MAX_UPLOAD = MAX_SIZE + 512 * 1024  # with the other fields of the form
