"""How good is the risk on real data, each figure beside its references, fitted in the same run on the same rows?

What was chosen on what. The ledger's columns: by cross-validation over accounts on the cuts of March to June 2011, and
by foretelling June from March. How far curves may move (`engine.learning`): by five folds of, and draws from, the 70 %
of the telco split with seed 42 (the ten folds share those clients), with the figures of the 30 % in sight.

Decided after the judged window had been seen, so its figures are no clean test of it:
* that the level is set by the windows of the last year, not by the last one alone (windows of 30 and 60 days before
  September support it, see `levels`; both are printed);
* that refills count other accounts only: AUC 0.7498 without, 0.7503 with, which is far inside the interval;
* that lifetimes were looked for at all: CDNOW's expected orders by `rhythm` alone had missed (0.762). Which lifetimes,
  and that the past is split where the question was the same (`foretelling.looked_back`), was decided on weeks 1 to 39;
  a split at week 26 would have chosen rhythm (0.374 against 0.382), splits with as many weeks ahead as known (16 to 19)
  all chose lifetimes (0.500–0.522 against 0.505–0.540).
"""

import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import risk_telco
from bench import OPTIONS, report, seconds, set_up
from risk_references import bg_nbd, lightgbm, logistic, pareto_nbd, stumps

from cartera.engine import foretelling, gaps, hazard, judging, learning, lifetimes, rhythm
from cartera.engine.columns import Floats, Integers
from cartera.engine.hazard import RiskFactor, hundredths
from cartera.engine.learning import Snapshots

DATA = Path(OPTIONS["data"])
LEDGER = DATA / "online_retail/online_retail.csv.gz"
CUTS = [date(2011, month, 1) for month in (3, 4, 5, 6)]
JUDGED = date(2011, 9, 1)
HORIZON = 90


def main() -> None:
    if OPTIONS["database"] != "sqlite":
        print("The risk is arithmetic on columns: measured on SQLite only.")
        return
    if not LEDGER.exists():
        print(f"{LEDGER} is not there: the risk was not measured.")
        return
    ledger()
    cdnow(DATA / "cdnow/CDNOW_sample.txt")
    risk_telco.run(DATA / "telco/Telco-Customer-Churn.csv")


def ledger() -> None:
    words = ["import", str(LEDGER), "--as", "invoices", "--as-of", "2011-12-10"]
    subprocess.run([sys.executable, "-m", "cartera", "migrate", "-v0"], check=True, capture_output=True)
    subprocess.run([sys.executable, "-m", "cartera", *words], check=True, capture_output=True)
    set_up()
    from cartera.lake import operations

    operations.publish()
    past, now = [Cut(day) for day in CUTS], Cut(JUDGED)
    lost = now.lost
    print(
        f"ledger: no purchase within {HORIZON} days, cuts {CUTS[0]:%d.%m.}–{CUTS[-1]:%d.%m.%Y}, judged on "
        f"{JUDGED:%d.%m.%Y}: {len(lost):,} clients, {int(lost.sum()):,} then bought nothing"
    )
    learned = learning.fit(snapshots(past, now), Cut.FACTORS, base=0.4, period=HORIZON, as_of=float(JUDGED.toordinal()))
    read = hazard.read(learned.model, now.columns)
    exact = np.array_equal(hundredths(read.base) + hundredths(read.parts).sum(axis=1), hundredths(read.log_odds))
    print(f"  refused columns: {[leak.key for leak in learned.refused]}; {learned.calibration}; parts add up: {exact}")
    show("ours", read.hazard, lost)
    show("ours, level of the last window alone", last_window(learned, past[-1], read), lost)
    behind, full = (np.vstack([getattr(cut, name) for cut in past]) for name in ("behind", "full"))
    before = np.concatenate([cut.lost for cut in past])
    show("the product's rhythm alone (quiet)", now.quiet, lost)
    show("recency alone (logistic)", logistic(behind[:, :1], before, now.behind[:, :1]), lost)
    show("logistic on logs of recency, frequency, age", logistic(behind, before, now.behind), lost)
    show("boosted stumps, all columns", stumps(full, before, now.full), lost)
    show("LightGBM as it comes, all columns", lightgbm(full, before, now.full), lost)
    levels(30)
    levels(60)
    for change in hazard.changes(learned.start, learned.model):
        print(f"    weighs {change.weight_after:4.1f} %: {change.key}")
    report(
        "learn the risk", at=f"{len(before):,} snapshots", unit="s", barest="boosted stumps on them",
        ours=seconds(lambda: learning.fit(
            snapshots(past, now), Cut.FACTORS, base=0.4, period=HORIZON, as_of=float(JUDGED.toordinal())
        )),
        limit=seconds(lambda: stumps(full, before, now.full)),
    )  # fmt: skip


class Cut:
    """Who had ordered before a day, what the product's measures said of them, and who then bought nothing."""

    FACTORS = (
        RiskFactor("contracts.returning", direction="up"),  # 1 - the quiet of its rhythm
        RiskFactor("contracts.revenue_12m", direction="up"),
        RiskFactor("contracts.returns"),
        RiskFactor("contracts.breadth"),
        RiskFactor("contracts.refills", direction="up"),
        RiskFactor("contracts.mainstream"),
        RiskFactor("contracts.unit_price"),
    )

    def __init__(self, day: date, horizon: int = HORIZON) -> None:
        from cartera.contracts import basket_columns, money_columns
        from cartera.contracts.models import Invoice
        from cartera.kit.clock import start_of
        from cartera.lake.queries import facts_as_of

        self.day, moment = day, start_of(day)
        orders = Invoice.objects.filter(kind="invoice", total__gt=0).order_by()
        self.ids = np.array(
            sorted(orders.filter(issued_at__lt=moment).values_list("account", flat=True).distinct()), np.int64
        )
        self.lost = self._lost(orders.filter(issued_at__gte=moment, issued_at__lt=moment + timedelta(days=horizon)))
        facts = facts_as_of(moment)
        told = money_columns.rhythm(facts, moment, self.ids)
        measures = [money_columns.revenue, money_columns.returns, money_columns.breadth]
        measures += [basket_columns.refills, basket_columns.mainstream, basket_columns.unit_price]
        values = [measure(facts, moment, self.ids)["value"] for measure in measures]
        self.quiet = told["quiet"]
        self.columns = np.column_stack([1 - self.quiet, *values])
        age = self._age(orders, moment)
        self.behind = np.log1p(np.column_stack([told["silence"], told["days"], age]))
        more = [told[name] for name in ("silence", "days", "usual_gap", "unlikely", "active")]
        self.full = np.column_stack([self.columns, *more, age])  # no trend: of a first year none is known

    def _lost(self, later) -> Floats:
        bought = set(later.values_list("account", flat=True))
        return np.array([account not in bought for account in self.ids.tolist()], float)

    def _age(self, orders, moment: datetime) -> Floats:
        from django.db.models import Min

        first = dict(orders.values_list("account").annotate(first=Min("issued_at")))
        return np.array([(moment - first[account]).total_seconds() / 86_400 for account in self.ids.tolist()])


def snapshots(past: list[Cut], now: Cut) -> Snapshots:
    """The past cuts with their outcomes, and the present one without."""
    days: list[Integers] = [np.full(len(cut.ids), cut.day.toordinal()) for cut in (*past, now)]
    return Snapshots(
        values=np.vstack([cut.columns for cut in (*past, now)]),
        account=np.concatenate([cut.ids for cut in (*past, now)]),
        cut=np.concatenate(days).astype(np.float64),
        outcome=np.concatenate([*(cut.lost for cut in past), np.full(len(now.ids), np.nan)]),
    )


def last_window(learned: learning.Learned, last: Cut, read: hazard.Reading) -> Floats:
    """Our chances, the level moved so that it fits the last known window alone."""
    then = hazard.read(learned.model, last.columns).log_odds
    moved, _slope = judging.calibration_line(then, last.lost, slope_spread=1e-6)
    return 1 / (1 + np.exp(-(read.log_odds + moved)))


def levels(days: int) -> None:
    """Before September: is the level of a window foretold better by the window before, or by the mean of all before?

    The level is how far the share of clients that bought nothing lies from what their rhythm said, in log-odds.
    """
    from cartera.contracts.money_columns import silence_of
    from cartera.kit.clock import start_of
    from cartera.lake.queries import facts_as_of

    found = []
    for month in range(2, 9):
        if (day := date(2011, month, 1)) + timedelta(days=days) <= JUDGED:
            cut = Cut(day, days)
            quiet = silence_of(facts_as_of(start_of(day)), start_of(day), cut.ids, horizon=days)["quiet"]
            found.append(judging.calibration_line(np.log(quiet / (1 - quiet)), cut.lost, slope_spread=1e-6)[0])
    step = max(days // 30, 1)  # windows of the same days say nothing of each other
    asked = range(step, len(found))
    last = np.mean([(found[place] - found[place - step]) ** 2 for place in asked])
    mean = np.mean([(found[place] - np.mean(found[: place - step + 1])) ** 2 for place in asked])
    print(
        f"  levels of {days}-day windows before September: squared error by the last {last:.4f}, by the mean {mean:.4f}"
    )


def show(name: str, chances: Floats, lost: Floats) -> None:
    print(
        f"  {name:44} AUC {judging.auc(chances, lost):.4f} (± {1.96 * judging.auc_error(chances, lost):.3f})  Brier "
        f"{judging.brier(chances, lost):.4f}  calibration error {judging.calibration_error(chances, lost):.4f}"
    )


def cdnow(path: Path) -> None:
    """Orders of 2,357 clients in weeks 40 to 78, foretold from weeks 1 to 39."""
    rows = [line.split() for line in path.read_text(encoding="ascii").splitlines()]
    client = np.unique([row[1] for row in rows], return_inverse=True)[1]
    day = np.array([datetime.strptime(row[2], "%Y%m%d").date().toordinal() for row in rows], float)  # noqa: DTZ007
    end, size, ahead = float(date(1997, 9, 30).toordinal()), int(client.max()) + 1, 39 * 7.0
    pairs = np.unique(np.column_stack([client, day]), axis=0)
    later = np.bincount(pairs[pairs[:, 1] > end, 0].astype(np.int64), minlength=size)
    client, day = client[day <= end], day[day <= end]  # from here on nothing later is known
    then, now = (
        events_until(client, day, until, size=size)
        for until in (np.floor(foretelling.looked_back(day.min(), end, horizon=ahead)), end)
    )
    learned = foretelling.learn(then, now)
    x, last, length = now.days - 1, now.last - now.first, end - now.first
    asked = f"{date.fromordinal(int(then.as_of)):%d.%m.%Y} until {date.fromordinal(int(end)):%d.%m.%Y}"
    print(f"cdnow: {size:,} clients, {int(later.sum()):,} orders in weeks 40–78 ({later.mean():.3f} each)")
    print(f"  lifetimes count {learned.weight:.2f}, rhythm the rest: what foretold {asked} best")
    forecasts = {
        "own rate": x / length * ahead,
        "BG/NBD": bg_nbd(x, last, length, ahead),
        "Pareto/NBD": pareto_nbd(x, last, length, ahead),
        "ours, expected": foretelling.foretell(now, learned, horizon=ahead).orders,
        "… by rhythm": rhythm.expected_orders(now, learned.by_rhythm, horizon=ahead),
        "… by lifetimes": lifetimes.read(now, learned.by_lifetimes, horizon=ahead).orders,
        "ours, median": rhythm.median_orders(now, learned.by_rhythm, horizon=ahead),
        "nobody orders": np.zeros(size),
    }
    for name, orders in forecasts.items():
        errors, whole = orders - later, np.rint(orders) - later
        print(
            f"  {name:16} mean absolute error {np.abs(errors).mean():.4f} (rounded {np.abs(whole).mean():.4f})  mean "
            f"squared error {np.mean(errors**2):.3f}  foretold {orders.mean():.3f} each"
        )


def events_until(client: Integers, day: Floats, end: float, *, size: int) -> gaps.Events:
    """What was known at the end of a day, that day's orders included, as the references' own papers count."""
    found = gaps.gather(client, day, size=size, as_of=end + 1)
    return replace(found, as_of=end)


if __name__ == "__main__":
    main()
