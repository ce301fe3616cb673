"""The people of the demonstration company: a small cast to remember."""

from datetime import time
from decimal import Decimal

from django.contrib.auth.hashers import make_password

from cartera.kit.demo import PASSWORD, World
from cartera.search.operations import index
from cartera.team.models import Absence, Member, Post, Qualification, Requirement, Rung, Team

LADDER = [
    ("Associate account manager", 24_000, 30_000, "Prepares meetings, keeps the data right, answers the daily mail."),
    ("Account manager", 31_000, 42_000, "Looks after a book of accounts; plans their own day; renews and grows."),
    ("Senior account manager", 41_000, 56_000, "Looks after the largest accounts; coaches associates."),
    ("Account director", 58_000, 78_000, "Coordinates managers; balances books; owns the hard conversations."),
    ("VP of account management", 85_000, 120_000, "Answers for retention; decides where people and money go."),
]
ASKED = [
    (1, "language", "English"),
    (2, "certificate", "Account management foundations"),
    (3, "certificate", "Negotiation"),
    (3, "certificate", "Coffee quality (SCA foundation)"),
    (4, "certificate", "People management"),
    (4, "degree", "Business or equivalent"),
]
TEAMS = ["Account management", "Sales", "Support", "Product", "Finance", "Legal", "Delivery"]
# Nobody has chosen a language: each visitor reads the demonstration in the one of their browser.
SPAIN, BRITAIN = ("Europe/Madrid", "ES"), ("Europe/London", "GB")
GERMANY, FRANCE = ("Europe/Berlin", "DE"), ("Europe/Paris", "FR")
PEOPLE = [
    # key, name, team, level, reports to, place, days in the company
    ("vera", "Vera Vidal", "Account management", 5, None, SPAIN, 2900),
    ("diego", "Diego Duarte", "Account management", 4, "vera", SPAIN, 2300),
    ("dora", "Dora Dean", "Account management", 4, "vera", BRITAIN, 1900),
    ("ana", "Ana Arias", "Account management", 3, "diego", SPAIN, 1700),
    ("marc", "Marc Mora", "Account management", 3, "diego", SPAIN, 1400),
    ("irene", "Irene Ibarra", "Account management", 2, "diego", SPAIN, 900),
    ("pau", "Pau Prats", "Account management", 2, "diego", SPAIN, 420),
    ("nell", "Nell North", "Account management", 3, "dora", BRITAIN, 1500),
    ("owen", "Owen Okafor", "Account management", 2, "dora", BRITAIN, 800),
    ("greta", "Greta Graf", "Account management", 2, "dora", GERMANY, 1100),
    ("luc", "Luc Laurent", "Account management", 2, "dora", FRANCE, 640),
    ("luz", "Luz Leal", "Account management", 1, "ana", SPAIN, 380),
    ("bruno", "Bruno Bravo", "Account management", 1, "marc", SPAIN, 300),
    ("amy", "Amy Ash", "Account management", 1, "nell", BRITAIN, 510),
    ("tom", "Tom Thiel", "Account management", 1, "greta", GERMANY, 200),
    ("sara", "Sara Sanz", "Sales", None, None, SPAIN, 1300),
    ("sam", "Sam Soto", "Support", None, None, SPAIN, 1000),
    ("petra", "Petra Pohl", "Product", None, None, GERMANY, 1200),
    ("fina", "Fina Ferrer", "Finance", None, None, SPAIN, 2100),
    ("leo", "Leo Lang", "Legal", None, None, GERMANY, 700),
    ("dani", "Dani Diaz", "Delivery", None, None, SPAIN, 600),
    ("ada", "Ada Adler", None, None, None, SPAIN, 2900),
]
LANGUAGES = {"ES": ["Spanish", "English"], "GB": ["English"], "DE": ["German", "English"], "FR": ["French", "English"]}


def build(world: World) -> None:
    """Make the ladder, the teams and everyone in them, their past posts, what they can do and when they are away."""
    rungs = [
        Rung.objects.create(name=name, level=level, salary_from=low, salary_to=high, competences=text)
        for level, (name, low, high, text) in enumerate(LADDER, 1)
    ]
    Requirement.objects.bulk_create(
        Requirement(rung=rungs[level - 1], kind=kind, name=name) for level, kind, name in ASKED
    )
    teams = {name: Team.objects.create(name=name, kind=name.lower().replace(" ", "_")) for name in TEAMS}
    password = make_password(PASSWORD)  # one for all, and slow by intention
    for key, name, team, _level, _superior, place, days in PEOPLE:
        world.members[key] = _member(world, key, name, password, teams.get(team or ""), place, days)
    for key, _name, _team, level, superior, _place, days in PEOPLE:
        if level:
            _posts(world, rungs, key, level, superior, days)
        _qualifications(world, key, level)
    _absences(world)
    _the_one_who_left(world, teams["Account management"], rungs)
    index(world.members.values())
    world.say(f"{len(world.members)} people, from associates to the vice president")


def _member(
    world: World, key: str, name: str, password: str, team: Team | None, place: tuple[str, str], days: int
) -> Member:
    zone, country = place
    return Member.objects.create(
        email=f"{key}@faro.example",
        name=name,
        password=password,
        team=team,
        is_administrator=key == "ada",
        time_zone=zone,
        country=country,
        works_from=time(9),
        works_until=time(18) if country == "ES" else time(17, 30),
        hourly_cost=Decimal(28 + world.random.randrange(20)),
        joined_on=world.day(days),
    )


def _posts(world: World, rungs: list[Rung], key: str, level: int, superior: str | None, days: int) -> None:
    member, above = world.members[key], world.members.get(superior or "")
    promoted = days // 2 if days > 1000 and 1 < level < 5 else None
    if promoted:
        Post.objects.create(
            member=member, rung=rungs[level - 2], reports_to=above, since=world.day(days), until=world.day(promoted)
        )
    Post.objects.create(member=member, rung=rungs[level - 1], reports_to=above, since=world.day(promoted or days))


def _qualifications(world: World, key: str, level: int | None) -> None:
    member = world.members[key]
    for number, language in enumerate(LANGUAGES[member.country]):
        Qualification.objects.create(
            member=member,
            kind="language",
            name=language,
            level="C2" if number == 0 else world.random.choice(["B2", "C1"]),
        )
    for asked, kind, name in ASKED:
        if kind != "language" and level and (asked <= level or world.random.random() < 0.3):
            obtained = world.random.randrange(200, 700)
            expires = world.day(obtained - 730) if kind == "certificate" else None
            Qualification.objects.create(
                member=member, kind=kind, name=name, obtained_on=world.day(obtained), expires_on=expires
            )


def _absences(world: World) -> None:
    for key, kind, first, last in (
        ("irene", "holiday", -3, 4),
        ("owen", "sick", -1, 2),
        ("marc", "holiday", 12, 22),
        ("greta", "training", 5, 6),
        ("ana", "holiday", -95, -82),
    ):
        Absence.objects.create(
            member=world.members[key], kind=kind, first_day=world.day(-first), last_day=world.day(-last)
        )


def _the_one_who_left(world: World, team: Team, rungs: list[Rung]) -> None:
    """Iker left two months ago; one of his accounts was forgotten (the account that nobody owns)."""
    gone = _member(world, "iker", "Iker Ibáñez", make_password(None), team, SPAIN, 1000)
    gone.is_active, gone.left_on = False, world.day(62)
    gone.save()
    Post.objects.create(
        member=gone, rung=rungs[1], reports_to=world.members["diego"], since=world.day(1000), until=world.day(62)
    )
    world.members["iker"] = gone


BUILDERS = [build]
