"""What the demonstration's people say of their clients' health, and what they set by hand."""

from dataclasses import dataclass
from decimal import Decimal

from cartera.accounts.models import Account
from cartera.health import operations, rules
from cartera.kit.demo import World

RED, AMBER, GREEN = rules.RED, rules.AMBER, rules.GREEN


@dataclass(frozen=True)
class Said:
    """A pulse of a story: whose account, how many days ago, and what was said."""

    account: str
    ago: int
    colour: int
    why: str
    text: str


SAID = [
    Said("Hoteles Miramar", 118, GREEN, "people", "Lunch with the owner: they are happy"),
    Said("Hoteles Miramar", 12, GREEN, "plans", "They refurbish two houses and will order for all at once"),
    Said("Grand Hotel Alba", 9, RED, "sponsor", "The new head of purchasing asked three suppliers for offers"),
    Said("Clínica Santa Lucía", 40, RED, "service", "Two late deliveries in a week"),
    Said("Clínica Santa Lucía", 6, AMBER, "service", "They accepted our apology, but count the days"),
    Said("Northlight Offices", 15, RED, "price", "They said “one more rise and we tender”"),
    Said("Brasserie Lumière", 20, GREEN, "payment", "They changed banks; the transfer is on its way"),
    Said("Kanso Coworking", 3, GREEN, "plans", "A third floor opens in spring"),
    Said("Balneario Costa Clara", 30, GREEN, "plans", "Closed for the winter, as every year"),
]
OTHERS = 60  # accounts without a story that someone has an opinion of


def build(world: World) -> None:
    """Let people speak of the accounts that were scored."""
    led = {a.name: a for a in Account.objects.filter(merged_into=None).select_related("lead").order_by("pk")}
    _stories(world, led)
    _opinions(world, [account for account in led.values() if account.lead and account.health is not None])


def _stories(world: World, led: dict[str, Account]) -> None:
    """What the people of the stories say, and two scores set by hand: one that has ended, one that goes on."""
    for said in SAID:
        account = led[said.account]
        operations.give_pulse(
            account, colour=said.colour, why=said.why, text=said.text, by=account.lead, at=world.moment(said.ago)
        )
    clinic, offices = led["Clínica Santa Lucía"], led["Northlight Offices"]
    operations.override(
        clinic, score=Decimal(35), why="The numbers lag behind the complaint", until=world.day(-5), by=clinic.lead,
        at=world.moment(38),
    )  # fmt: skip
    operations.end_override(clinic, by=clinic.lead, at=world.moment(5))
    operations.override(
        offices, score=Decimal(35), why="They put the supply out to tender in January; no order shows that yet",
        until=world.day(-24), by=offices.lead, at=world.moment(14),
    )  # fmt: skip


def _opinions(world: World, accounts: list[Account]) -> None:
    """Of other accounts most people think what the score says, and some do not."""
    spoken = {said.account for said in SAID}
    for account in world.random.sample([one for one in accounts if one.name not in spoken], OTHERS):
        agrees = {"good": GREEN, "watch": AMBER, "bad": RED}[rules.band(float(account.health or 0))]
        colour = agrees if world.random.random() < 0.8 else world.random.choice([RED, AMBER, GREEN])
        why = world.random.choice(["people", "service", "price", "plans", "feeling"])
        operations.give_pulse(
            account, colour=colour, why=why, by=account.lead, at=world.moment(world.random.randrange(2, 85))
        )
    world.say(f"{len(SAID) + OTHERS} opinions of account managers, two scores set by hand")
