"""What keeps counts: a storage of the library `limits` that can also take a count back."""

from abc import abstractmethod
from contextlib import AbstractContextManager, nullcontext

from limits.storage import MovingWindowSupport, Storage


class Counts(Storage, MovingWindowSupport):
    """Keeps counts in windows that move; fixed windows are not counted."""

    STORAGE_SCHEME = None

    @abstractmethod
    def give_back(self, key: str, amount: int) -> None:
        """Forget the newest `amount` of what was counted under `key`."""

    def room_at(self, key: str, limit: int, expiry: int, amount: int) -> float:
        """Return when, in seconds since 1970, there is room for `amount` more under `key`, or for some of it."""
        return self.get_moving_window(key, limit, expiry)[0] + expiry

    def together(self) -> AbstractContextManager[object]:
        """Count several at once where that is less work: all or, when the block fails, none."""
        return nullcontext()

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        """What it raises when counts cannot be kept: nothing of its own."""
        return ValueError

    def check(self) -> bool:
        """Tell whether counts can be kept."""
        return True

    def reset(self) -> int | None:
        """Nobody forgets everything."""
        raise NotImplementedError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Fixed windows are not counted."""
        raise NotImplementedError

    def get(self, key: str) -> int:
        """Fixed windows are not counted."""
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        """Fixed windows are not counted."""
        raise NotImplementedError
