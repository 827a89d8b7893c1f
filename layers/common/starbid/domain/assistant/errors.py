"""Why a question is not taken, and what is refused around it (spec, section 8)."""

from __future__ import annotations

from starbid.domain.errors import StarbidError


class ConsentNeeded(StarbidError, code="consent_needed"):
    """The person has not agreed, or no longer agrees, that texts go to an AI service."""


class Busy(StarbidError, code="busy"):
    """Another question of the same person is open: `question_id`."""

    def __init__(self, question_id: str) -> None:
        super().__init__(f"{question_id} is open", id=question_id)
        self.question_id = question_id


class NoCredits(StarbidError, code="no_credits"):
    """Trial, quota and credits are used up, or were never there. `may_try`: the trial has not been started yet."""

    def __init__(self, may_try: bool) -> None:
        super().__init__("nothing is left", may_try=may_try)
        self.may_try = may_try


class TrialUsed(StarbidError, code="trial_used"):
    """A trial is started once."""


class NotOffered(StarbidError, code="assistant_off"):
    """There is no AI service behind this installation."""


class NothingToRetry(StarbidError, code="not_failed"):
    """Only a question that was not answered can be asked again."""


class TooFewCredits(StarbidError, code="too_few_credits"):
    """More would be taken than the `left` there are."""

    def __init__(self, left: int) -> None:
        super().__init__(f"{left} are left", left=left)
        self.left = left


class TooManyPacks(StarbidError, code="too_many_packs"):
    """The person has `most` packs that are not used up."""

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} packs are there", most=most)
        self.most = most
