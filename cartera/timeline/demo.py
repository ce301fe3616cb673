"""What was said with the demonstration company's clients in the last 18 months, stories included."""

from cartera.accounts.models import Account, Contact, Stewardship
from cartera.kit.clock import now
from cartera.kit.demo import DAYS, World
from cartera.timeline import operations

EVERY = {"A": 14, "B": 30, "C": 60, "D": 95}
TALK = {
    "out": [
        ("call", 12, "How is the new blend going down?"),
        ("call", 8, "Confirmed next week's delivery"),
        ("mail", 5, "Summer price list"),
        ("meeting", 45, "Quarterly look at orders and service"),
        ("visit", 75, "Visit: machines checked, staff asked"),
        ("mail", 6, "Proposal for organic infusions"),
    ],
    "in": [
        ("call", 10, "Asked to bring the delivery forward"),
        ("mail", 7, "Question about an invoice"),
        ("call", 15, "Wants a second machine for the terrace"),
        ("chat", 5, "Where is our order?"),
    ],
}
STORY = {
    "quiet_giant": [
        (70, "call", "in", 9, "Asked about our contract's end, in passing", "Bought by a chain? Ask carefully."),
        (33, "mail", "out", 5, "Reminder: nothing ordered since September", "No answer."),
        (19, "call", "out", 4, "Left a message with reception", "No answer."),
    ],
    "new_sponsor": [
        (25, "call", "in", 14, "Our sponsor is leaving on Friday", "Her successor starts in two weeks."),
        (9, "mail", "in", 4, "Introducing Teresa Blanco, head of purchasing", "She wants to see all contracts."),
        (
            2,
            "meeting",
            "out",
            40,
            "First meeting with Teresa: wants figures by site",
            "Sceptical, fair, likes numbers.",
        ),
    ],
    "complaint": [
        (52, "call", "in", 22, "Complaint: two deliveries of stale beans", "Third floor staff very angry."),
        (
            51,
            "visit",
            "out",
            90,
            "Went there with quality: batch confirmed bad",
            "! Credit note and new batch by Friday",
        ),
        (44, "mail", "out", 6, "Credit note sent, new batch delivered", ""),
        (30, "call", "out", 11, "All well again; they thanked us for being quick", ""),
    ],
    "price_shock": [
        (121, "mail", "out", 6, "New prices from the first of the month", ""),
        (112, "call", "in", 25, "Eighteen per cent is too much, says the controller", "They are asking others."),
        (60, "mail", "in", 4, "We will order less until this is settled", ""),
    ],
    "late_payer": [
        (47, "call", "out", 8, "Asked about the open invoices", "Their bookkeeper left; nobody does it."),
        (20, "mail", "in", 3, "We will pay as soon as we can", ""),
    ],
    "rising": [(12, "meeting", "in", 35, "Opening two more floors in spring; wants a plan", "")],
    "seasonal": [(15, "call", "out", 10, "Closed until March, as every year; order fixed for then", "")],
    "nobody": [(38, "mail", "in", 3, "Who is our contact now that Iker has left?", "Nobody answered.")],
}


def build(world: World) -> None:
    """Log each account's conversations, as often as its tier is due, in order of time."""
    contacts: dict[int, list[int]] = {}
    for account_id, contact_id in Contact.objects.filter(left_on=None).order_by("pk").values_list("account_id", "pk"):
        contacts.setdefault(account_id, []).append(contact_id)
    stewards: dict[int, list[tuple]] = {}
    for row in Stewardship.objects.filter(role="lead").order_by("since", "pk"):
        stewards.setdefault(row.account_id, []).append((row.since, row.member_id))
    rows = []
    for account in world.accounts:
        rows += _conversations(world, account, contacts.get(account.pk, []), stewards.get(account.pk, []))
    rows.sort(key=lambda row: row["happened_at"])
    operations.log_many(rows, by=None, at=now())
    world.say(f"{len(rows):,} calls, mails, meetings and visits")


def _conversations(world: World, account: Account, contacts: list[int], stewards: list[tuple]) -> list[dict]:
    dice, story = world.random, account.custom.get("story", "")
    every = EVERY[account.tier] * dice.uniform(0.6, 1.4)
    ago, rows = min(DAYS, (world.today - account.opened_at.date()).days) - dice.uniform(0, every), []
    quiet_since = 75 if story in ("quiet_giant", "nobody") else (30 if story in STORY else 0)
    while ago > quiet_since:
        direction = dice.choices(["out", "in"], [6, 4])[0]
        kind, minutes, subject = dice.choice(TALK[direction])
        rows.append(_row(world, account, contacts, stewards, (int(ago), kind, direction, minutes, subject, "")))
        ago -= every * dice.lognormvariate(0, 0.5)
    return rows + [_row(world, account, contacts, stewards, told) for told in STORY.get(story, [])]


def _row(world: World, account: Account, contacts: list[int], stewards: list[tuple], told: tuple) -> dict:
    ago, kind, direction, minutes, subject, text = told
    at = world.moment(ago, hour=world.random.randrange(8, 17), minute=world.random.randrange(60))
    held = [member for since, member in stewards if since <= at.date()] or [member for _since, member in stewards[:1]]
    return {
        "account_id": account.pk,
        "kind": kind,
        "direction": direction,
        "happened_at": at,
        "recorded_at": at,
        "minutes": max(2, round(minutes * world.random.uniform(0.7, 1.4))),
        "subject": subject,
        "text": text,
        "member_ids": held[-1:],
        "contact_ids": [world.random.choice(contacts)] if contacts else [],
    }


BUILDERS = [build]
