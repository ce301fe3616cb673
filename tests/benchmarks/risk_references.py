"""What our forecasts are held against: the plainest sound implementations, fitted in the same run on the same rows."""

from collections.abc import Sequence

import numpy as np
from lightgbm import LGBMClassifier
from scipy import optimize, special
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from cartera.engine.columns import Floats
from cartera.engine.hazard import RiskFactor


def logistic(values: Floats, lost: Floats, asked: Floats) -> Floats:
    """Chances by logistic regression with scikit-learn's default penalty; no unknown values."""
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000)).fit(values, lost)
    return model.predict_proba(asked)[:, 1]


def stumps(values: Floats, lost: Floats, asked: Floats) -> Floats:
    """Chances by additive boosting: trees of one split each (scikit-learn's histogram boosting, 300 rounds)."""
    model = HistGradientBoostingClassifier(max_leaf_nodes=2, max_iter=300, early_stopping=False, random_state=0)
    return model.fit(values, lost).predict_proba(asked)[:, 1]


def lightgbm(values: Floats, lost: Floats, asked: Floats) -> Floats:
    """Chances by LightGBM as it comes."""
    model = LGBMClassifier(random_state=0, verbose=-1, n_jobs=1).set_params(deterministic=True)
    return model.fit(values, lost).predict_proba(asked)[:, 1]


def spread_out(factors: Sequence[RiskFactor], values: Floats) -> Floats:
    """Names as one column each; an unknown figure becomes the mean and a column that says so."""
    columns = []
    for factor, column in zip(factors, values.T, strict=True):
        unknown = np.isnan(column)
        if factor.names:
            columns += [column == code for code in range(len(factor.names))]
        else:
            columns.append(np.where(unknown, np.nanmean(column), column))
        if unknown.any():
            columns.append(unknown)
    return np.column_stack(columns).astype(np.float64)


def bg_nbd(x: Floats, last: Floats, length: Floats, ahead: float) -> Floats:
    """Orders expected in *ahead* days: BG/NBD (Fader, Hardie and Lee, "Counting your customers the easy way", 2005).

    x: repeat orders; last: days from the first order to the last; length: days from the first order until today.
    """

    def terms(point: Floats) -> tuple[Floats, Floats, Floats]:
        r, alpha, a, b = np.exp(point)
        both = special.gammaln(r + x) - special.gammaln(r) + r * np.log(alpha) + special.betaln(a, b + x)
        active = -(r + x) * np.log(alpha + length)
        left = np.log(a / (b + np.maximum(x, 1) - 1)) - (r + x) * np.log(alpha + last)
        return both - special.betaln(a, b), active, np.where(x > 0, left, -np.inf)

    def surprise(point: Floats) -> float:
        both, active, left = terms(point)
        return -float(np.sum(both + np.logaddexp(active, left)))

    point = _lowest(surprise, np.log([0.3, 35.0, 0.8, 2.0]))
    r, alpha, a, b = np.exp(point)
    _both, active, left = terms(point)
    shrinks = ((alpha + length) / (alpha + length + ahead)) ** (r + x)
    rest = special.hyp2f1(r + x, b + x, a + b + x - 1, ahead / (alpha + length + ahead))
    return (a + b + x - 1) / (a - 1) * (1 - shrinks * rest) * special.expit(active - left)


def pareto_nbd(x: Floats, last: Floats, length: Floats, ahead: float) -> Floats:
    """The same by Pareto/NBD (Schmittlein, Morrison and Colombo 1987; likelihood as in Fader and Hardie 2005)."""

    def terms(point: Floats) -> tuple[Floats, Floats, Floats]:
        r, alpha, s, beta = np.exp(point)
        both = special.gammaln(r + x) - special.gammaln(r) + r * np.log(alpha) + s * np.log(beta)
        active = -(r + x) * np.log(alpha + length) - s * np.log(beta + length)
        base, other = max(alpha, beta), s + 1 if alpha >= beta else r + x
        power = r + s + x
        whole, gone = (
            np.log(special.hyp2f1(power, other, power + 1, abs(alpha - beta) / (base + until)))
            - power * np.log(base + until)
            for until in (last, length)
        )
        left = np.log(s / power) + whole + np.log1p(-np.exp(np.minimum(gone - whole, -1e-12)))
        return both, active, left

    def surprise(point: Floats) -> float:
        both, active, left = terms(point)
        found = -float(np.sum(both + np.logaddexp(active, left)))
        return found if np.isfinite(found) else 1e12

    point = _lowest(surprise, np.log([0.5, 70.0, 0.6, 80.0]))
    r, alpha, s, beta = np.exp(point)
    _both, active, left = terms(point)
    until_leaving = 1 - ((beta + length) / (beta + length + ahead)) ** (s - 1)
    rate = (r + x) * (beta + length) / ((alpha + length) * (s - 1))
    return rate * until_leaving * special.expit(active - left)


def _lowest(surprise, start: Floats) -> Floats:
    return optimize.minimize(surprise, start, method="Nelder-Mead", options={"maxiter": 4000, "fatol": 1e-5}).x
