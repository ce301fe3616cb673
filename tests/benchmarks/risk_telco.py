"""The risk on IBM's telco churn: columns proposed from the file, ten folds, a split, and little data."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from risk_references import logistic, spread_out, stumps
from sklearn.model_selection import StratifiedKFold, train_test_split

from cartera.engine import hazard, judging, learning, profit, proposing
from cartera.engine.columns import Floats, Integers
from cartera.engine.hazard import RiskFactor, hundredths
from cartera.engine.learning import Snapshots

DRAWS = 20
BASE = 0.2  # lost in a period, as somebody may believe who has not counted
# As an account manager of such a firm would set the scorecard by hand, before looking at any data.
BY_HAND: Mapping[str, tuple[float, Mapping[str | float, float]]] = {
    "Contract": (40, {"Month-to-month": 0, "One year": 70, "Two year": 100}),
    "tenure": (30, {0.0: 0, 12.0: 50, 24.0: 70, 60.0: 100}),
    "MonthlyCharges": (10, {20.0: 100, 70.0: 50, 110.0: 0}),
    "PaymentMethod": (
        10,
        {"Bank transfer (automatic)": 100, "Credit card (automatic)": 100, "Electronic check": 0, "Mailed check": 50},
    ),
    "TechSupport": (5, {0.0: 0, 1.0: 100}),
    "OnlineSecurity": (5, {0.0: 0, 1.0: 100}),
}
type Forecast = Callable[[Integers, Integers], Floats]


class Telco:
    """The file as the product proposes to read it."""

    def __init__(self, path: Path) -> None:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        table = {key: [row[key] for row in rows] for key in rows[0] if key != "Churn"}
        self.proposal = proposing.columns(table)
        self.values = self.proposal.values
        self.lost = np.array([row["Churn"] == "Yes" for row in rows], float)
        self.plain = list(self.proposal.factors)
        self.by_hand = [by_hand(factor) for factor in self.plain]
        self.spread = spread_out(self.plain, self.values)

    def ours(self, factors: list[RiskFactor], learn: Integers, asked: Integers) -> tuple[Floats, Floats]:
        """Log-odds of the rows *asked*, learned from the rows *learn*; and those of the start."""
        directed = proposing.directed(factors, self.values[learn], self.lost[learn])
        snapshots = Snapshots(self.values[learn], learn, np.zeros(len(learn)), self.lost[learn])
        found = learning.fit(snapshots, directed, base=BASE, period=30.0, as_of=30.0)
        if found.refused:
            print(f"  FALSE ALARM: {found.refused}")
        read = hazard.read(found.model, self.values[asked])
        whole = hundredths(read.base) + hundredths(read.parts).sum(axis=1)
        if not np.array_equal(whole, hundredths(read.log_odds)):
            print("  THE PARTS DO NOT ADD UP")
        return read.log_odds, hazard.read(found.start, self.values[asked]).log_odds


def by_hand(factor: RiskFactor) -> RiskFactor:
    """The factor with its hand-set curve and weight, if it has one."""
    if factor.key not in BY_HAND:
        return factor
    weight, points = BY_HAND[factor.key]
    places = {factor.names.index(key) if isinstance(key, str) else key: value for key, value in points.items()}
    return replace(factor, curve=sorted((float(place), value) for place, value in places.items()), weight=weight)


def chance(log_odds: Floats) -> Floats:
    return 1 / (1 + np.exp(-log_odds))


def show(name: str, figures: list[tuple[float, ...]]) -> None:
    auc, brier, lift, money = np.mean(figures, axis=0)
    print(f"  {name:44} AUC {auc:.4f}  Brier {brier:.4f}  top-decile lift {lift:.2f}  EMPC {money:.2f}")


def judged(chances: Floats, lost: Floats) -> tuple[float, float, float, float]:
    top = np.argsort(-chances, kind="stable")[: round(len(chances) / 10)]
    return (
        judging.auc(chances, lost),
        judging.brier(chances, lost),
        float(lost[top].mean() / lost.mean()),
        profit.empc(chances, lost).per_account,
    )


def run(path: Path) -> None:
    telco = Telco(path)
    named = [factor.key for factor in telco.plain if factor.names]
    print(
        f"telco: {len(telco.lost):,} clients, {int(telco.lost.sum()):,} lost; {len(telco.plain)} columns proposed from "
        f"the file ({len(named)} of names: {', '.join(named)}), left out: {telco.proposal.left_out}"
    )
    wide = telco.spread
    forecasts: dict[str, Forecast] = {
        "ours (no scorecard)": lambda learn, asked: chance(telco.ours(telco.plain, learn, asked)[0]),
        "ours (from the hand-set scorecard)": lambda learn, asked: chance(telco.ours(telco.by_hand, learn, asked)[0]),
        "logistic regression": lambda learn, asked: logistic(wide[learn], telco.lost[learn], wide[asked]),
        "boosted stumps": lambda learn, asked: stumps(wide[learn], telco.lost[learn], wide[asked]),
    }
    everybody = np.arange(len(telco.lost))
    folds = list(StratifiedKFold(10, shuffle=True, random_state=42).split(everybody, telco.lost))
    split = train_test_split(everybody, test_size=0.3, random_state=42)
    for title, parts in (("ten folds", folds), ("70/30, seed 42", [split])):
        print(f" {title}:")
        for name, forecast in forecasts.items():
            show(name, [judged(forecast(learn, asked), telco.lost[asked]) for learn, asked in parts])
    little(telco, *split)


def little(telco: Telco, learn: Integers, asked: Integers) -> None:
    """Few clients drawn from the 70 %, judged on the 30 % of the split with seed 42."""
    print(f" little data: {DRAWS} draws from the 70 %, judged on the 30 %")
    for size in (50, 200, 1000):
        pairs = []
        for draw in range(DRAWS):
            drawn = np.random.default_rng(draw).choice(learn, size, replace=False)
            pairs.append([judging.auc(one, telco.lost[asked]) for one in telco.ours(telco.by_hand, drawn, asked)])
        ours, start = np.array(pairs).T
        print(
            f"  {size:5,} clients: AUC {ours.mean():.4f} (± {ours.std(ddof=1) / np.sqrt(DRAWS):.4f}; lowest "
            f"{ours.min():.4f}); hand-set start {start.mean():.4f}; ours less the start: "
            f"lowest {(ours - start).min():+.4f}"
        )
