"""What the demonstration company sells: coffee, tea, machines and the care of them."""

from cartera.catalogue.models import Product
from cartera.kit.demo import World

# code, name, family, price in euros, how often it is on an order
RANGE = [
    ("BEAN-ESP", "Espresso beans, 6 kg", "Coffee", "98.40", 10),
    ("BEAN-ORG", "Organic beans, 6 kg", "Coffee", "121.80", 6),
    ("BEAN-DEC", "Decaffeinated beans, 3 kg", "Coffee", "61.20", 4),
    ("CAPS-200", "Capsules, 200", "Coffee", "62.00", 6),
    ("TEA-ASS", "Assorted teas, 12 boxes", "Tea", "47.50", 4),
    ("TEA-ORG", "Organic infusions, 12 boxes", "Tea", "56.90", 3),
    ("CHOC-5", "Drinking chocolate, 5 kg", "Other drinks", "44.10", 3),
    ("CUP-1000", "Paper cups, 1,000", "Supplies", "58.30", 5),
    ("SUGAR-10", "Sugar sticks, 10 kg", "Supplies", "21.70", 5),
    ("CLEAN-K", "Cleaning kit", "Supplies", "33.25", 3),
    ("FILTER-W", "Water filter", "Machines", "74.90", 2),
    ("RENT-M1", "Machine rent, one group, month", "Machines", "119.00", 2),
    ("RENT-M2", "Machine rent, two groups, month", "Machines", "189.00", 1),
    ("CARE-P", "Preventive care visit", "Service", "140.00", 1),
    ("TRAIN-B", "Barista training, half a day", "Service", "320.00", 1),
]


def build(world: World) -> None:
    """Make the products."""
    Product.objects.bulk_create(Product(code=code, name=name, family=family) for code, name, family, *_ in RANGE)
    world.say(f"{len(RANGE)} products")


BUILDERS = [build]
