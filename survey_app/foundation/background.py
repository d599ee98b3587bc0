"""Work that a page waits for only so long: it goes on in a thread of this process, and a later request takes it up."""

from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from threading import Lock
from typing import Generic, TypeVar

PATIENCE = 2.0  # seconds that a request waits
Result = TypeVar("Result")


class StillRunning(Exception):
    """The work goes on; ask again in a few seconds."""


class Background(Generic[Result]):
    """Work by key, one after the other in one thread; a result is handed out once and then forgotten."""

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._running: dict[Hashable, Future[Result]] = {}
        self._lock = Lock()

    def wait_for(self, key: Hashable, work: Callable[[], Result], patience: float | None = None) -> Result:
        """Return what the work gives, or raise what it raises; :class:`StillRunning` if it takes longer."""
        with self._lock:
            future = self._running.get(key)
            if future is None:
                future = self._running[key] = self._executor.submit(work)
        try:
            result = future.result(timeout=PATIENCE if patience is None else patience)
        except FutureTimeoutError:
            if future.done():  # the work itself gave up
                self._forget(key, future)
                raise
            raise StillRunning from None
        except BaseException:
            self._forget(key, future)
            raise
        self._forget(key, future)
        return result

    def _forget(self, key: Hashable, future: "Future[Result]") -> None:
        with self._lock:
            if self._running.get(key) is future:
                del self._running[key]
