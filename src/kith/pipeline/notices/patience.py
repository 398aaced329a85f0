"""How often and how long a message is tried."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long a message is tried.

    Attributes:
        first_seconds: until the second attempt; each later one waits twice as long.
        longest_seconds: the longest wait.
        attempts: after so many failures it is dead; 50 are about a day and a half.
        lease_seconds: after so long a sender that does not come back is believed to be dead.
        poll_seconds: how often it is looked whether something is due.
    """

    first_seconds: float = 10.0
    longest_seconds: float = 3_600.0
    attempts: int = 50
    lease_seconds: float = 300.0
    poll_seconds: float = 2.0

    def wait(self, failures: int, chance: float) -> float:
        """How long to wait after so many failures, at least half of what doubling says.

        The rest is left to chance (0 to 1), so that those who failed together do not come back
        together: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/.
        """
        # By 2^60 the longest wait has long been reached, and floats would overflow.
        doubled = self.first_seconds * 2.0 ** min(failures - 1, 60)
        return min(self.longest_seconds, doubled) * (0.5 + chance / 2)
