"""The demonstration's health: half a year of scores, so that lines and falls are there to see."""

from datetime import timedelta

from cartera.health import operations, rules
from cartera.kit.clock import now
from cartera.kit.demo import World


def build(world: World) -> None:
    """Score every account as of every other past week and of today, by what was known then."""
    for weeks in range(rules.LINE, -1, -2):
        run = operations.score(as_of=world.today - timedelta(weeks=weeks), by=None, at=now())
    world.say(f"{run.accounts - run.unknown} scores, with {rules.LINE} weeks of history")


BUILDERS = [build]
