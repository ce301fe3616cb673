"""The demonstration's health: half a year of scores by two scorecards, a learned risk, a look at how good both are."""

from datetime import timedelta
from decimal import Decimal

from cartera.health import demo_opinions, operations, rules
from cartera.health.models import Assignment, Family, Scorecard
from cartera.health.operations import Line
from cartera.kit.clock import now
from cartera.kit.demo import DAYS, World

SMALL = "Small clients"
SWITCHED = 9  # weeks ago
# They buy one or two things and are seen twice a year: what counts is that they go on ordering, and pay.
WEIGHTS = {"contracts.rhythm": 45, "contracts.trend": 15, "contracts.overdue": 25, "timeline.rhythm": 5}
LEFT_OUT = ("contracts.breadth", "accounts.contacts_coverage")

CUTS = 6  # of the backtest: enough for a verdict, few enough to be quick


def build(world: World) -> None:
    """Score every account as of every other past week and of today, by what was known then; today with its risk."""
    _since_the_beginning(world)
    for weeks in range(rules.LINE, 0, -2):
        if weeks < SWITCHED and not Family.objects.filter(name=SMALL).exists():
            _small_clients(world)
        operations.score(as_of=world.today - timedelta(weeks=weeks), by=None, at=world.moment(7 * weeks, 23))
    _learn(world)
    run = operations.score(as_of=world.today, by=None, at=now())
    world.say(f"{run.accounts - run.unknown} scores, with {rules.LINE} weeks of history, by two scorecards")


def _since_the_beginning(world: World) -> None:
    """The company has had its first scorecard from the first day that the demonstration tells of."""
    begun = world.moment(DAYS)
    Scorecard.objects.update(made_at=begun, changed_at=begun, switched_on_at=begun)
    Assignment.objects.update(since=begun)


def _small_clients(world: World) -> None:
    """Drafted, previewed, switched on and given to tier D by the administrator, some weeks ago."""
    ada, at = world.members["ada"], world.moment(7 * SWITCHED)
    first = Scorecard.objects.get()
    card = operations.start_scorecard(
        name=SMALL, about="Clients of tier D: few orders, no visits.", copied_from=first, by=ada, at=at
    )
    for measure in LEFT_OUT:
        operations.drop_factor(card, measure, by=ada, at=at)
    operations.weigh_factors(card, {key: Decimal(weight) for key, weight in WEIGHTS.items()}, by=ada, at=at)
    operations.preview(card, by=ada, at=at, whole=True)
    operations.switch_on(card, why="Nobody visits them, and most buy one thing: that is no bad sign.", by=ada, at=at)
    order = Assignment.objects.in_force(at)
    lines = [Line(name="Tier D", filter="tier:D", family_id=card.family_id), *operations.lines_of(order)]
    operations.assign(lines, why="A scorecard of their own", by=ada, at=at)


def _learn(world: World) -> None:
    administrator, at = world.members["ada"], now()
    version = operations.learn(as_of=world.today, period=90, base=Decimal("0.1"), by=administrator, at=at)
    why = "A first version, learned from a year and a half of orders"
    operations.switch_risk(version, why=why, by=administrator, at=at)
    test = operations.begin_backtest(as_of=world.today, cuts=CUTS, window=90, by=administrator, at=at)
    found = operations.backtest(test)
    world.say(f"risk learned from {version.learned['losses']} losses; {found['score']['lost']} of them judged")


BUILDERS = [build, demo_opinions.build]
