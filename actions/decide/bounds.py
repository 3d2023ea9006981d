"""How sure a reading has to be. Every number of the decision stands here, with its reason."""

from __future__ import annotations

ACT = 0.5
"""Below this an act that the reader offers as a near miss counts for nothing; those above its bound always do."""
INTENT = 0.35
"""An intent of the sentence alone counts from here on, when the reader says nothing at all: it knows no context."""
OPENING = 0.6
"""An intent from which a first sentence is taken at its word although the reader is silent about a matter."""
OFFER_PERSON_AFTER = 2
"""Failures in a row, of any kind, after which a person is offered (D1)."""
