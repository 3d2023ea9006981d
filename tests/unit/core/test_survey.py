"""The gaps of a survey are what was perceived less what was expected, by dimension."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from helpdesk.company import load_company
from helpdesk.company.survey import Survey
from helpdesk.model.survey import Dimension, Gap, gaps, is_whole, overall, perceived_mean

ROOT = Path(__file__).resolve().parents[3]
WHOLE = {str(one): [4, 3] for one in Dimension}


def test_a_gap_is_the_mean_perception_less_the_mean_expectation() -> None:
    told = gaps([WHOLE, WHOLE | {"empathy": [5, 1]}])
    assert told[Dimension.RELIABILITY] == Gap(2, 4.0, 3.0, -1.0)
    assert told[Dimension.EMPATHY] == Gap(2, 4.5, 2.0, -2.5)
    assert overall(told) == Gap(2, pytest.approx(4.1), pytest.approx(2.8), pytest.approx(-1.3))  # type: ignore[arg-type]
    assert perceived_mean(WHOLE) == 3


def test_of_no_answer_nothing_is_told() -> None:
    assert set(gaps([]).values()) == {Gap(0)}
    assert overall(gaps([])) == Gap(0)


@pytest.mark.parametrize(
    "scores",
    [
        {},
        {"empathy": [4, 3]},
        WHOLE | {"empathy": [0, 3]},
        WHOLE | {"empathy": [4, 6]},
        WHOLE | {"empathy": [4]},
        WHOLE | {"price": [1, 2]},
    ],
)
def test_an_answer_that_is_not_whole_is_none(scores: dict[str, list[int]]) -> None:
    assert is_whole(WHOLE)
    assert not is_whole(scores)


def test_a_company_words_all_five_dimensions() -> None:
    given = load_company(ROOT / "company").survey.model_dump()
    less = {name: told for name, told in given["dimensions"].items() if name != "empathy"}
    with pytest.raises(ValidationError, match="empathy is missing"):
        Survey.model_validate(given | {"dimensions": less})
