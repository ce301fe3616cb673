import numpy as np
import pytest

from cartera.engine import proposing
from cartera.engine.hazard import RiskFactor


def test_columns_are_proposed_by_what_is_in_them():
    table = {
        "client": [f"C{n}" for n in range(30)],
        "months": [str(n) for n in range(29)] + [" "],
        "phone": ["Yes", "No"] * 14 + ["No service", ""],
        "sex": ["f", "m"] * 15,
        "plan": ["gold", "silver", "tin"] * 10,
        "country": ["ES"] * 30,
        "note": [""] * 30,
        "senior": ["0", "1"] * 15,
    }
    found = proposing.columns(table)
    assert [factor.key for factor in found.factors] == ["months", "phone", "sex", "plan", "senior"]
    assert found.left_out == {"client": "text", "country": "constant", "note": "empty"}
    by_key = dict(zip((factor.key for factor in found.factors), found.values.T, strict=True))
    assert by_key["months"][5] == 5
    assert np.isnan(by_key["months"][29])
    assert by_key["phone"][:2].tolist() == [1, 0]
    assert np.isnan(by_key["phone"][28:]).all()
    assert by_key["sex"][:2].tolist() == [0, 1]
    assert by_key["plan"][:3].tolist() == [0, 1, 2]
    assert found.factors[3].names == ("gold", "silver", "tin")
    assert not found.factors[0].names


def test_answers_beside_yes_and_no_must_be_one_at_most():
    found = proposing.columns({"answer": ["yes", "no", "perhaps", "never"]})
    assert found.factors[0].names == ("never", "no", "perhaps", "yes")


def test_an_empty_table_proposes_nothing():
    assert proposing.columns({}).factors == ()
    assert proposing.columns({"a": []}).left_out == {"a": "empty"}
    with pytest.raises(ValueError, match="same length"):
        proposing.columns({"a": ["1"], "b": []})


def test_a_direction_is_proposed_only_where_there_is_no_doubt():
    dice = np.random.default_rng(0)
    level = dice.random((3000, 4))
    valley = np.abs(level[:, 3] - 0.3)  # falls first, then rises more
    lost = (dice.random(3000) < 0.1 + 0.4 * level[:, 0] - 0.2 * level[:, 1] + 0.8 * valley).astype(float)
    factors = [RiskFactor(key) for key in ("worse", "better", "nothing", "valley")]
    found = proposing.directed(factors, level, lost)
    assert [factor.direction for factor in found] == ["down", "up", "either", "either"]
    named = RiskFactor("plan", names=("a", "b"))
    assert proposing.directed([named], np.round(level[:, :1]), lost) == [named]
