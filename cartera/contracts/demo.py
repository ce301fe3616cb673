"""What the demonstration company's clients bought, sent back and paid in the last 18 months."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from cartera.accounts.models import Account
from cartera.catalogue.demo import RANGE
from cartera.catalogue.models import Product
from cartera.contracts import operations
from cartera.contracts.models import FxRate
from cartera.kit.clock import now
from cartera.kit.demo import DAYS, World

# days between two orders, boxes on one, products of the range that are bought: by tier
HABITS = {"A": (10, 14, 9), "B": (16, 6, 6), "C": (28, 3, 4), "D": (50, 2, 2)}
PRICES = {code: (Decimal(price), weight) for code, _name, _family, price, weight in RANGE}


@dataclass
class Habit:
    """How an account buys: days between orders, boxes, products, and what bends them."""

    gap: float
    boxes: float
    products: list[str]
    growth_a_year: float
    pays_after: int
    stops: int = -1
    price_rise: int = -1


def build(world: World) -> None:
    """Make the rates, and each account's invoices and credit notes in order of time."""
    FxRate.objects.create(currency="GBP", into="EUR", on=world.day(600), rate=Decimal("1.152"))
    for months in range(18, -1, -1):
        rate = Decimal("1.15") + Decimal(world.random.randrange(-30, 31)) / 1000
        FxRate.objects.create(currency="GBP", into="EUR", on=world.day(months * 30 + 1), rate=rate)
    products = dict(Product.objects.values_list("code", "pk"))
    rows = [row for account in world.accounts for row in _invoices(world, account)]
    rows.sort(key=lambda row: row["issued_at"])
    for number, row in enumerate(rows, 1):
        row["number"] = f"{'A' if row['kind'] == 'credit_note' else 'F'}{row['issued_at']:%y}-{number:05}"
        row["lines"] = [
            {"product_id": products[code], "quantity": boxes, "unit_price": price}
            for code, boxes, price in row["lines"]
        ]
    operations.issue_many(rows, by=None, at=now())
    world.say(f"{len(rows):,} invoices and credit notes")


def _habit(world: World, account: Account) -> Habit:
    dice, (gap, boxes, breadth) = world.random, HABITS[account.tier]
    codes = list(PRICES)
    weights = [PRICES[code][1] for code in codes]
    habit = Habit(
        gap=gap * dice.uniform(0.7, 1.5),
        boxes=boxes * dice.lognormvariate(0, 0.4),
        products=sorted(set(dice.choices(codes, weights, k=breadth + 1))),
        growth_a_year=dice.gauss(0.04, 0.18),
        pays_after=30 + int(dice.gauss(2, 6)),
        stops=dice.randrange(30, 320) if dice.random() < 0.07 else -1,
    )
    match account.custom.get("story"):
        case "quiet_giant":
            habit.gap, habit.boxes, habit.stops, habit.growth_a_year = 9, 120, 61, 0.05
        case "new_sponsor":
            habit.gap, habit.boxes, habit.stops = 12, 30, -1
        case "price_shock":
            habit.gap, habit.boxes, habit.stops, habit.price_rise = 11, 28, -1, 120
        case "late_payer":
            habit.pays_after, habit.stops, habit.gap, habit.boxes = 110, -1, 15, 18
        case "rising":
            habit.growth_a_year, habit.stops, habit.gap, habit.boxes = 1.1, -1, 20, 3
        case "complaint" | "seasonal":
            habit.stops = -1
        case "nobody":
            habit.stops = 41
    return habit


def _invoices(world: World, account: Account) -> list[dict]:
    habit = _habit(world, account)
    rows = []
    ago = min(DAYS, (world.today - account.opened_at.date()).days) - world.random.uniform(0, habit.gap)
    while ago > max(habit.stops, 0):
        rows.append(_invoice(world, account, habit, int(ago)))
        if world.random.random() < 0.03:
            rows.append(_credit_note(world, rows[-1], int(ago) - 3))
        ago -= habit.gap * world.random.lognormvariate(0, 0.3)
    if account.custom.get("story") == "complaint":
        spoilt = next((row for row in rows if (world.today - row["issued_at"].date()).days < 60), None)
        if spoilt:
            rows.append(_credit_note(world, spoilt, 44))
    return [row for row in rows if row["issued_at"] <= now()]


def _invoice(world: World, account: Account, habit: Habit, ago: int) -> dict:
    day = world.day(ago)
    ago -= {5: -1, 6: 1}.get(day.weekday(), 0)  # nobody orders at the weekend
    issued_at = world.moment(max(ago, 0), hour=world.random.randrange(8, 16), minute=world.random.randrange(60))
    boxes = habit.boxes * (1 + habit.growth_a_year) ** ((DAYS - ago) / 365)
    if account.industry == "Hotels" and issued_at.month in (6, 7, 8, 9):
        boxes *= 2.6 if account.custom.get("story") == "seasonal" else 1.5
    if account.industry == "Education" and issued_at.month in (7, 8):
        boxes *= 0.4
    dearer = 0 <= ago < habit.price_rise
    if dearer:
        boxes *= max(0.25, 0.6 - (habit.price_rise - ago) / 400)
    chosen = [code for code in habit.products if world.random.random() < 0.7] or habit.products[:1]
    lines = [_line(world, code, boxes / len(chosen), dearer) for code in chosen]
    due_on = issued_at.date() + timedelta(days=30)
    paid_on = issued_at.date() + timedelta(days=max(1, habit.pays_after + world.random.randrange(-4, 5)))
    return {
        "account_id": account.pk,
        "issued_at": issued_at,
        "recorded_at": issued_at,
        "due_on": due_on,
        "paid_on": paid_on if paid_on < world.today else None,
        "currency": account.currency,
        "lines": lines,
        "kind": "invoice",
    }


def _line(world: World, code: str, boxes: float, dearer: bool) -> tuple[str, Decimal, Decimal]:
    quantity = max(1, round(boxes * world.random.uniform(0.7, 1.3)))
    price = (PRICES[code][0] * (Decimal("1.18") if dearer else 1)).quantize(Decimal("0.01"))
    return code, Decimal(quantity), price


def _credit_note(world: World, row: dict, ago: int) -> dict:
    code, boxes, price = row["lines"][0]
    returned = (code, -max(Decimal(1), boxes // 4), price)
    issued_at = world.moment(max(ago, 0), hour=11)
    return {
        **row, "lines": [returned], "issued_at": issued_at, "recorded_at": issued_at, "paid_on": issued_at.date(),
        "due_on": issued_at.date(), "kind": "credit_note",
    }  # fmt: skip


BUILDERS = [build]
