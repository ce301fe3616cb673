"""What a ranking is worth in money when the best-placed part of it is acted on: the expected maximum profit.

Verbraken, Verbeke and Baesens, "A novel profit maximizing metric for measuring classification performance of customer
churn prediction models", 2013. The likeliest share η of all accounts gets an offer that costs d, and a contact that
costs f. Who would have left takes the offer and stays with probability γ and is then worth CLV; who would have stayed
takes the offer anyway. Per account of the book that earns

    P(η; γ) = CLV·(γ·(1 - δ) - φ)·π0·F0(η) - CLV·(δ + φ)·π1·F1(η),  δ = d / CLV, φ = f / CLV

with π0, π1 the shares lost and kept, and F0, F1 the shares of each within η. γ is uncertain: Beta(α, β). For each γ the
best η lies on a corner of the convex hull of the ranking's ROC curve, so the mean over γ of the best profit is a finite
sum, in which ∫γ·h and ∫h between two γ are differences of Beta distribution functions.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, special

from cartera.engine.columns import Floats


@dataclass(frozen=True, slots=True)
class Offer:
    """The parameters of the formula; the values are those of the paper. clv, d and f in one currency."""

    alpha: float = 6.0
    beta: float = 14.0
    clv: float = 200.0
    d: float = 10.0
    f: float = 1.0


@dataclass(frozen=True, slots=True)
class Profit:
    """per_account: expected maximum profit, money per account of the book; share: of accounts that it acts on, 0..1."""

    per_account: float
    share: float


USUAL = Offer()


def empc(scores: ArrayLike, outcomes: ArrayLike, offer: Offer = USUAL) -> Profit:
    """Expected maximum profit of ranking by *scores* (larger = likelier lost), given *outcomes* of 0 and 1: (cases,).

    Of equal scores all or none are acted on. NaN when nobody, or everybody, was lost. Raises ValueError for columns of
    different lengths or unknown scores.
    """
    judged, lost = np.asarray(scores, np.float64), np.asarray(outcomes, np.float64)
    if judged.shape != lost.shape or judged.ndim != 1 or np.isnan(judged).any():
        raise ValueError("scores and outcomes must be known columns of the same length")
    _values, place = np.unique(-judged, return_inverse=True)
    return of_groups(np.bincount(place, lost), np.bincount(place).astype(np.float64), offer)


def of_groups(lost: Floats, cases: Floats, offer: Offer = USUAL) -> Profit:
    """The same from how many *lost* and how many *cases* there are at each score, (groups,), likeliest lost first."""
    total, filled = cases.sum(), cases > 0
    if not 0 < lost.sum() < total:
        return Profit(float("nan"), float("nan"))
    lost_within, cases_within = _hull(lost[filled] / total, cases[filled] / total)
    return _expected(lost_within, cases_within - lost_within, offer)


def _hull(lost: Floats, cases: Floats) -> tuple[Floats, Floats]:
    """What is lost, and what there is, within each corner of the ROC curve's convex hull, from nothing to all.

    Between two corners the share lost falls from one side to the next; that is the falling (isotonic) regression of
    the share lost over the ranking.
    """
    corners = optimize.isotonic_regression(lost / cases, weights=cases, increasing=False).blocks
    return tuple(np.concatenate([[0.0], np.cumsum(column)])[corners] for column in (lost, cases))


def _expected(lost: Floats, kept: Floats, offer: Offer) -> Profit:
    """The sum over the corners; lost, kept: shares of all accounts within each corner."""
    delta, phi = offer.d / offer.clv, offer.f / offer.clv
    kept_to_lost = np.divide(np.diff(kept), np.diff(lost), out=np.full(len(lost) - 1, np.inf), where=np.diff(lost) > 0)
    turns = ((delta + phi) * kept_to_lost + phi) / (1 - delta)  # the γ from which on the next corner is better
    bounds = np.clip(np.concatenate([[0.0], turns, [1.0]]), 0.0, 1.0)
    mass = np.diff(special.betainc(offer.alpha, offer.beta, bounds))
    mean = offer.alpha / (offer.alpha + offer.beta)
    moment = mean * np.diff(special.betainc(offer.alpha + 1, offer.beta, bounds))
    gain = ((1 - delta) * moment - phi * mass) * lost - (delta + phi) * mass * kept
    return Profit(float(offer.clv * gain.sum()), float(((lost + kept) * mass).sum()))
