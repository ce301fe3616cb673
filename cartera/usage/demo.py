"""The demonstration company has an ordering portal, and this is how its clients use it."""

from uuid import uuid4

import numpy as np
import pyarrow as pa

from cartera.accounts.models import Account, Contact
from cartera.kit.demo import World
from cartera.lake import appending
from cartera.usage.facts import USAGE
from cartera.usage.models import Person, Seats, Workspace

DAYS = 200
FEATURES = ("Order placed", "Price list", "Delivery tracked", "Invoice downloaded", "Machine care", "Recipe opened")
FIRST = ("Alex", "Bea", "Chris", "Dani", "Eva", "Fran", "Gala", "Hugo", "Iris", "Jo")
PEOPLE = {"A": 9, "B": 5, "C": 3, "D": 2}


def build(world: World) -> None:
    """Tie a workspace with its people to two of three accounts, and use the portal for half a year.

    Dice of its own, so that what other apps' builders throw stays as it is.
    """
    dice = np.random.default_rng(1882)
    using = [account for account in world.accounts if _uses(account, dice.random())]
    workspaces = Workspace.objects.bulk_create(_workspace(world, account) for account in using)
    contacts: dict[int, list[Contact]] = {}
    for contact in Contact.objects.filter(left_on=None).order_by("pk"):
        contacts.setdefault(contact.account_id, []).append(contact)
    pairs = list(zip(workspaces, using, strict=True))
    people = Person.objects.bulk_create(
        person for workspace, account in pairs for person in _people(workspace, account, contacts.get(account.pk, []))
    )
    Seats.objects.bulk_create(_seats(world, *pair) for pair in pairs)
    rows = _usage(world, dice, people, {account.pk: account for account in using})
    appending.append(USAGE, rows, batch=f"demo-{uuid4()}")
    _waiting(world)
    world.say(f"{len(rows):,} days of use of {len(people):,} people")


def _uses(account: Account, chance: float) -> bool:
    return bool(account.custom.get("story")) or chance < 0.65


def _workspace(world: World, account: Account) -> Workspace:
    return Workspace(
        kind=Workspace.Kind.GROUP, external_id=f"portal-{account.pk}", name=account.name, account=account,
        counted_for=account.pk, first_seen_at=world.moment(DAYS), last_seen_at=world.moment(0),
    )  # fmt: skip


def _people(workspace: Workspace, account: Account, contacts: list[Contact]) -> list[Person]:
    count = PEOPLE.get(account.tier, 2)
    known = [
        Person(external_id=f"{account.pk}-c{c.pk}", name=c.name, email=c.email, contact=c, workspace=workspace)
        for c in contacts[:2]
    ]
    others = [
        Person(
            external_id=f"{account.pk}-{number}", name=FIRST[(account.pk + number) % len(FIRST)], workspace=workspace
        )
        for number in range(count - len(known))
    ]
    return [*known, *others]


def _seats(world: World, workspace: Workspace, account: Account) -> Seats:
    """As many as people, or some to spare; the giant that falls quiet bought four times what it needs."""
    people = PEOPLE.get(account.tier, 2)
    seats = people * 4 if account.custom.get("story") == "quiet_giant" else people + account.pk % 3
    at = world.moment(DAYS)
    return Seats(workspace=workspace, seats=seats, since=at, known_at=at)


def _usage(world: World, dice: np.random.Generator, people: list[Person], accounts: dict[int, Account]) -> pa.Table:
    """One row a person, feature and day of use; some accounts use it less and less, and some stopped."""
    account = np.array([person.workspace.counted_for for person in people if person.workspace])
    keen = dice.uniform(0.15, 0.55, len(people))
    fall = np.array([_fall(accounts[pk], dice.random()) for pk in account.tolist()])
    person, ago = np.meshgrid(np.arange(len(people)), np.arange(1, DAYS), indexing="ij")
    weekday = (np.arange(1, DAYS) * -1 + world.today.weekday()) % 7 < 5
    chance = keen[:, None] * (1 - fall[:, None] * np.clip(1 - ago / 120, 0, 1)) * weekday
    used = dice.random(chance.shape) < chance
    person, ago = person[used], ago[used]
    feature = np.minimum(dice.geometric(0.45, len(person)) - 1, len(FEATURES) - 1)
    day = np.datetime64(world.today) - ago
    numbers = np.array([one.pk for one in people])
    workspaces = np.array([one.workspace_id for one in people])
    moment = pa.timestamp("us", "UTC")
    return pa.table(
        {
            "account_id": account[person],
            "happened_at": pa.array(day.astype("datetime64[us]"), pa.timestamp("us")).cast(moment),
            "known_at": pa.array((day + np.timedelta64(1, "D")).astype("datetime64[us]"), pa.timestamp("us")).cast(
                moment
            ),
            "workspace": workspaces[person],
            "person": numbers[person],
            "feature": pa.array(np.array(FEATURES)[feature]),
            "events": dice.integers(1, 6, len(person)),
        }
    )


def _fall(account: Account, chance: float) -> float:
    """How much of the use is lost by today."""
    match account.custom.get("story"):
        case "quiet_giant":
            return 0.95
        case "price_shock":
            return 0.5
        case "rising":
            return -0.4
    return 0.8 if chance < 0.08 else 0.0


def _waiting(world: World) -> None:
    """One workspace that nobody has tied yet."""
    at = world.moment(2)
    Workspace.objects.create(
        kind=Workspace.Kind.GROUP, external_id="portal-new", name="Pop-up Alameda", first_seen_at=at, last_seen_at=at
    )


BUILDERS = [build]
