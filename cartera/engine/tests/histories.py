"""Orders of made-up accounts: by hand, or by the models themselves."""

import numpy as np

from cartera.engine.gaps import Events


def events(*histories, as_of):
    """Each history is the list of days with an order."""
    days = [np.array(sorted(set(history)), float) for history in histories]
    return Events(
        days=np.array([len(d) for d in days], float),
        first=np.array([d[0] if len(d) else np.nan for d in days]),
        last=np.array([d[-1] if len(d) else np.nan for d in days]),
        log_gaps=np.array([np.log(np.diff(d)).sum() for d in days]),
        as_of=as_of,
    )


def every(day, until):
    return list(range(0, until + 1, day))


def lived(accounts, population, *, days, seed):
    """The orders of accounts that live by `lifetimes`, each a list of days in 0..*days*, begun in the first half."""
    chance = np.random.default_rng(seed)
    histories = []
    for _ in range(accounts):
        rate = chance.gamma(population.r) / population.alpha
        moment, orders = chance.uniform(0, days / 2), []
        leaves = moment + chance.exponential(population.beta / chance.gamma(population.s))
        while moment < min(days, leaves):
            orders.append(moment)
            moment += chance.gamma(population.k) / rate
        histories.append(orders)
    return histories


def until(day, histories):
    """What was known at the end of a day."""
    return events(*[[order for order in history if order < day] for history in histories], as_of=day)


DEGENERATE = {
    "no account at all": events(as_of=5),
    "nobody ever ordered": events([], [], as_of=5),
    "one account, one order": events([3], as_of=5),
    "one account that orders every week": events(every(7, 364), as_of=370),
    "everybody ordered once": events(*[[day] for day in range(50)], as_of=100),
    "everybody ordered today": events(*[[100]] * 50, as_of=100),
    "everybody orders every day": events(*[list(range(300))] * 20, as_of=300),
}
