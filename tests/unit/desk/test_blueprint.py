"""The blueprint is drawn of the figures of the reports."""

from __future__ import annotations

from helpdesk.model.blueprint import STEPS, Place, blueprint
from helpdesk.model.report import SHOWN, STEPS_ONLY, Figure, Measure, Shown


def test_every_step_is_measured_by_its_own_measure_in_time() -> None:
    measures = [step.measure for step in STEPS]
    assert len(set(measures)) == len(measures)
    assert set(measures) >= STEPS_ONLY
    assert {SHOWN[measure] for measure in measures} == {Shown.TIME}


def test_every_place_is_reached_and_no_step_leads_back() -> None:
    order = list(Place)
    assert {step.after for step in STEPS} == set(Place) - {Place.BOT}
    assert all(order.index(step.before) < order.index(step.after) for step in STEPS)


def test_customers_are_counted_by_channel_and_steps_told_with_their_times() -> None:
    cell = {Measure.CONTACTS: [2, 2], Measure.LEFT_WAITING: [30, 90, 60]}
    drawn = blueprint(cell, {"web": cell, "phone": {}})
    assert drawn.came == {"web": 2}
    steps = {step.measure: told for step, told in drawn.steps}
    assert steps[Measure.LEFT_WAITING] == Figure(3, 60, 90)
    assert steps[Measure.SERVED] == Figure(0)
