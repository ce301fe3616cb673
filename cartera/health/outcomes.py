"""What became of accounts, as the apps below know it: lost, kept, or not at risk at all."""

from datetime import datetime

import numpy as np

from cartera.accounts.offers import Outcome
from cartera.engine.columns import Floats, Integers
from cartera.kit.features import offers
from cartera.lake.queries import Facts


def ways() -> list[Outcome]:
    """The ways in which an account can be lost."""
    return offers("outcomes")


def became(facts: Facts, since: datetime, until: datetime, ids: Integers) -> Floats:
    """1 where an account of *ids* (rising) was lost from *since* to *until*, 0 where it was kept; (accounts,).

    NaN where it was not at risk, or was gone before. Lost in one way is lost. *facts* are those known by now, so that
    what was written down late counts.
    """
    fates = [way.fate(facts, since, until, ids) for way in ways()]
    nobody = np.zeros(len(ids), np.bool_)
    at_risk = np.logical_or.reduce([nobody, *(fate.at_risk for fate in fates)])
    gone = np.logical_or.reduce([nobody, *(fate.gone for fate in fates)])
    lost = np.logical_or.reduce([nobody, *(fate.lost for fate in fates)])
    return np.where(at_risk & ~gone, lost.astype(np.float64), np.nan)
