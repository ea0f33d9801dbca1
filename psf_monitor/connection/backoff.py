"""How long to wait before the next attempt."""

import random
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Backoff:
    """Seconds to wait before attempt 1, 2, ..: doubled from ``first_s`` up to ``most_s``, with jitter."""

    first_s: float = 1.0
    most_s: float = 60.0
    jitter: float = 0.2
    rng: random.Random = field(default_factory=random.Random, compare=False)

    def delay_s(self, attempt: int) -> float:
        """Return the wait before this attempt, counted from 1, in seconds."""
        plain = min(self.first_s * 2.0 ** min(attempt - 1, 16), self.most_s)
        return plain * self.rng.uniform(1 - self.jitter, 1 + self.jitter)
