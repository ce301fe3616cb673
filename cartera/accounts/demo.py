"""The clients of the demonstration company: 400 hotels, offices, clinics and cafés, some in groups or with a story."""

from itertools import product
from unicodedata import normalize

from cartera.accounts.models import Account, Contact, Stewardship
from cartera.kit.demo import DAYS, World

IBERIA, NORTH = ["ana", "marc", "irene", "pau"], ["nell", "owen", "greta", "luc"]
PLACES = {
    "ES": ["Madrid", "Valencia", "Sevilla", "Bilbao", "Málaga", "Zaragoza", "Vigo", "Granada", "Alicante", "Gijón"],
    "PT": ["Lisboa", "Porto", "Faro", "Braga"],
    "GB": ["London", "Leeds", "Bristol", "Glasgow", "Cardiff", "York"],
    "DE": ["Hamburg", "Köln", "Dresden", "Bremen", "Leipzig"],
    "FR": ["Lyon", "Nantes", "Lille", "Toulouse"],
}
WORDS = {
    "ES": [
        "Alba",
        "Brisa",
        "Cierzo",
        "Duna",
        "Encina",
        "Faisán",
        "Garza",
        "Higuera",
        "Jara",
        "Laurel",
        "Mirto",
        "Noria",
    ],
    "PT": ["Azulejo", "Bonança", "Coral", "Douro", "Estrela", "Fado", "Gaivota", "Lírio"],
    "GB": ["Amber", "Birch", "Copper", "Dover", "Elm", "Falcon", "Granite", "Heron", "Ivory", "Juniper", "Kestrel"],
    "DE": ["Adler", "Buche", "Clara", "Dorn", "Eiche", "Falke", "Garten", "Hafen", "Insel", "Kiesel"],
    "FR": ["Acacia", "Bastide", "Colombe", "Dauphin", "Étoile", "Fontaine", "Genêt", "Hêtre"],
}
TRADES = {
    "Hotels": {"ES": "Hotel {}", "PT": "Hotel {}", "GB": "The {} Hotel", "DE": "Hotel {}", "FR": "Hôtel {}"},
    "Offices": {"ES": "{} Oficinas", "PT": "{} Escritórios", "GB": "{} Offices", "DE": "{} Büros", "FR": "{} Bureaux"},
    "Health": {"ES": "Clínica {}", "PT": "Clínica {}", "GB": "{} Clinic", "DE": "Klinik {}", "FR": "Clinique {}"},
    "Restaurants": {"ES": "Café {}", "PT": "Café {}", "GB": "{} Kitchen", "DE": "Café {}", "FR": "Brasserie {}"},
    "Education": {"ES": "Colegio {}", "PT": "Colégio {}", "GB": "{} School", "DE": "Schule {}", "FR": "École {}"},
}
FIRST = [
    "Lucía",
    "Hugo",
    "Carmen",
    "Inês",
    "Rui",
    "Grace",
    "Oliver",
    "Hanna",
    "Felix",
    "Chloé",
    "Jules",
    "Marta",
    "Iván",
]
LAST = [
    "Serra",
    "Costa",
    "Webb",
    "Hart",
    "Vogel",
    "Brandt",
    "Moreau",
    "Petit",
    "Ríos",
    "Soler",
    "Pinto",
    "Lowe",
    "Blanco",
]
POSITIONS = [
    ("decision_maker", "General manager", 5),
    ("sponsor", "Head of purchasing", 4),
    ("champion", "Food and beverage manager", 3),
    ("user", "Shift leader", 1),
    ("blocker", "Controller", 4),
]
# The accounts with a story: key, name, trade, country, tier, lead.
STORIES = [
    ("quiet_giant", "Hoteles Miramar", "Hotels", "ES", "A", "ana"),
    ("new_sponsor", "Grand Hotel Alba", "Hotels", "ES", "A", "marc"),
    ("complaint", "Clínica Santa Lucía", "Health", "ES", "B", "ana"),
    ("price_shock", "Northlight Offices", "Offices", "GB", "A", "nell"),
    ("nobody", "Casa Verde Eventos", "Restaurants", "ES", "B", "iker"),
    ("late_payer", "Brasserie Lumière", "Restaurants", "FR", "B", "luc"),
    ("rising", "Kanso Coworking", "Offices", "PT", "C", "pau"),
    ("twin", "Café Bremen", "Restaurants", "DE", "C", "greta"),
    ("twin_again", "Cafe Bremen GmbH", "Restaurants", "DE", "C", "greta"),
    ("seasonal", "Balneario Costa Clara", "Hotels", "ES", "B", "irene"),
]
ALL = 400


def build(world: World) -> None:
    """Make the accounts with their contacts and the history of who looked after them."""
    named = _names(world)
    made = [_account(world, number, *row) for number, row in enumerate([*STORIES, *named][:ALL], 1)]
    Account.objects.bulk_create(account for account, _lead in made)
    world.accounts = [account for account, _lead in made]
    _group(world)
    _steward(world, {account.pk: lead for account, lead in made})
    Contact.objects.bulk_create([person for account in world.accounts for person in _people(world, account)])
    world.say(f"{len(world.accounts)} accounts in {len({a.parent_id for a in world.accounts} - {None})} groups")


def _names(world: World) -> list[tuple[str, str, str, str, str, str]]:
    rows = []
    for country, (trade, patterns) in product(PLACES, TRADES.items()):
        for word, place in product(WORDS[country], PLACES[country]):
            lead = world.random.choice(IBERIA if country in ("ES", "PT") else NORTH)
            tier = world.random.choices("ABCD", [8, 22, 45, 25])[0]
            rows.append(("", f"{patterns[country].format(word)} {place}", trade, country, tier, lead))
    world.random.shuffle(rows)
    return rows


def _account(
    world: World, number: int, key: str, name: str, trade: str, country: str, tier: str, lead: str
) -> tuple[Account, str]:
    lead_now = None if key == "nobody" else world.members[lead]
    plain = "".join(letter for letter in _without_accents(name) if letter.isascii() and letter.isalnum())
    domain = "cafebremen.example" if key.startswith("twin") else f"{plain}.example"
    account = Account(
        external_id=f"F-{number:04}",
        name=name,
        tier=tier,
        stage="onboarding" if world.random.random() < 0.04 else "active",
        industry=trade,
        country=country,
        language={"ES": "es", "PT": "pt", "GB": "en", "DE": "de", "FR": "fr"}[country],
        time_zone={"ES": "Europe/Madrid", "PT": "Europe/Lisbon", "GB": "Europe/London"}.get(country, "Europe/Berlin"),
        currency="GBP" if country == "GB" else "EUR",
        tax_number=f"{country}{100_000_000 + number * 7919 % 899_999_999}",
        domain=domain,
        custom={"story": key} if key else {},
        opened_at=world.moment(world.random.randrange(DAYS // 3, DAYS * 4)),
        lead=lead_now,
    )
    return account, lead


def _group(world: World) -> None:
    """Some hotels and offices belong to a house: the first one of a word is the head of those in the same country."""
    heads: dict[tuple[str, str, str], Account] = {}
    for account in world.accounts[len(STORIES) :]:
        house = (account.industry, account.country, account.name.rsplit(" ", 1)[0])
        head = heads.setdefault(house, account)
        if head is not account and account.industry in ("Hotels", "Offices", "Health"):
            account.parent = head
    Account.objects.bulk_update([account for account in world.accounts if account.parent_id], ["parent"])


def _steward(world: World, leads: dict[int, str]) -> None:
    rows = []
    for account in world.accounts:
        key = leads[account.pk]
        member, since = world.members[key], max(account.opened_at.date(), world.members[key].joined_on)
        until = world.day(62) if key == "iker" else None
        if world.random.random() < 0.1 and (world.today - since).days > 300 and until is None:
            before = world.members[world.random.choice(IBERIA if key in IBERIA else NORTH)]
            moved = world.day(world.random.randrange(60, 250))
            if before.pk != member.pk:
                rows.append(
                    Stewardship(account=account, member=before, since=since, until=moved, why="Books rebalanced")
                )
                since = moved
        rows.append(Stewardship(account=account, member=member, since=since, until=until))
        assistant = {"ana": "luz", "marc": "bruno", "nell": "amy", "greta": "tom"}.get(key)
        if assistant and account.tier in "AB":
            rows.append(Stewardship(account=account, member=world.members[assistant], role="associate", since=since))
    rows.append(
        Stewardship(
            account=world.accounts[STORIES.index(next(row for row in STORIES if row[0] == "seasonal"))],
            member=world.members["pau"],
            role="cover",
            since=world.day(4),
            until=world.day(-5),
            why="Irene is on holiday",
        )
    )
    Stewardship.objects.bulk_create(rows)


def _without_accents(name: str) -> str:
    """The letters of *name* as addresses write them, with the accents apart."""
    return normalize("NFD", name.lower())


def _people(world: World, account: Account) -> list[Contact]:
    count = {"A": 5, "B": 3, "C": 2}.get(account.tier, 1)
    people = []
    for role, position, power in world.random.sample(POSITIONS, count) if count < 5 else POSITIONS:
        name = f"{world.random.choice(FIRST)} {world.random.choice(LAST)}"
        mail = "".join(c for c in _without_accents(name).replace(" ", ".") if c.isascii())
        people.append(
            Contact(
                account=account,
                name=name,
                email=f"{mail}@{account.domain}",
                phone=f"+{world.random.randrange(30, 50)} {world.random.randrange(600_000_000, 699_999_999)}",
                position=position,
                role=role,
                power=power,
                support=world.random.choice([-1, 0, 1, 1, 2]),
                language=account.language,
                consent=True,
                recorded_at=account.opened_at,
            )
        )
    if account.custom.get("story") == "new_sponsor":
        sponsor = next(person for person in people if person.role == "sponsor")
        sponsor.left_on = world.day(24)
        people.append(
            Contact(
                account=account, name="Teresa Blanco", email=f"teresa.blanco@{account.domain}", role="sponsor", power=4,
                position="Head of purchasing", language="es", consent=True, recorded_at=world.moment(9),
            )
        )  # fmt: skip
    return people


BUILDERS = [build]
