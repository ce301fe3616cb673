"""Every verb of health; one file for each kind."""

from cartera.health.operations.assigning import Line, assign, lines_of, undo_assign
from cartera.health.operations.backtests import backtest, begin_backtest
from cartera.health.operations.drafts import (
    draft,
    drop_factor,
    order_factors,
    put_factor,
    rename,
    start_scorecard,
    throw_away,
    undo_edit,
    undo_rename,
    undo_throw_away,
    weigh_factors,
)
from cartera.health.operations.opinions import end_override, give_pulse, keep_opinions, may_override, override
from cartera.health.operations.previewing import preview
from cartera.health.operations.risks import learn, set_terms, switch_risk, undo_switch_risk
from cartera.health.operations.scorecards import make_first_scorecard
from cartera.health.operations.scoring import score, score_news
from cartera.health.operations.switching import call_off, switch_on, undo_switch_on

__all__ = [
    "Line",
    "assign",
    "backtest",
    "begin_backtest",
    "call_off",
    "draft",
    "drop_factor",
    "end_override",
    "give_pulse",
    "keep_opinions",
    "learn",
    "lines_of",
    "make_first_scorecard",
    "may_override",
    "order_factors",
    "override",
    "preview",
    "put_factor",
    "rename",
    "score",
    "score_news",
    "set_terms",
    "start_scorecard",
    "switch_on",
    "switch_risk",
    "throw_away",
    "undo_assign",
    "undo_edit",
    "undo_rename",
    "undo_switch_on",
    "undo_switch_risk",
    "undo_throw_away",
    "weigh_factors",
]
