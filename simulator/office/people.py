"""Names and numbers to fill an office with; the numbers are from the ranges kept free for fiction."""

from random import Random

AREA_CODES = ("212", "303", "312", "331", "414", "512", "617", "630", "708", "773", "815", "847")
COMPANIES = (
    "Lakeside Dental",
    "Murphy & Sons",
    "Café Olé",
    'The "Corner" Shop',
    "Prairie Vet Clinic",
    "Ace Hardware Elgin",
    "Müller Bäckerei",
    "St. Mary's School",
)
FIRST_NAMES = (
    "Anna",
    "Anne-Marie",
    "Carlos",
    "Chloë",
    "Dmitri",
    "Emily",
    "Fatima",
    "George",
    "Hannah",
    "Ivan",
    "Jürgen",
    "Kwame",
    "Linda",
    "Mei-Ling",
    "Noah",
    "Olga",
    "Priya",
    "Quentin",
    "Rosa",
    "Søren",
    "Tom",
    "Uma",
    "Víctor",
    "Wendy",
    "Yusuf",
    "Zoë",
)
LAST_NAMES = (
    "Abbott",
    "Becker",
    "Castillo",
    "D'Angelo",
    "Eriksson",
    "Fischer",
    "Groß",
    "Hughes",
    "Ito",
    "Johnson",
    "Kowalski",
    "Lopez",
    "Meyer",
    "Núñez",
    "O'Neil",
    "Patel",
    "Quinn",
    "Raman",
    "Smith-Jones",
    "Taylor",
    "Ueda",
    "van der Berg",
    "Weiß",
    "Young",
)
DEPARTMENTS = (
    "support",
    "sales",
    "billing",
    "returns",
    "orders",
    "service",
    "claims",
    "hiring",
    "dispatch",
    "front-desk",
)
DEVICES = (
    ("24:9a:d8", "Yealink W70P"),
    ("80:5e:c0", "Yealink SIP-T46U"),
    ("00:04:f2", "Polycom VVX400"),
    ("64:16:7f", "Poly Edge E350"),
    ("00:0b:82", "Grandstream GRP2614"),
)


def full_name(index: int) -> str:
    """Return the name of the nth colleague; the first few hundred differ."""
    first = FIRST_NAMES[index % len(FIRST_NAMES)]
    return f"{first} {LAST_NAMES[(index * 7 + index // len(FIRST_NAMES)) % len(LAST_NAMES)]}"


def queue_name(index: int) -> str:
    """Return the name of the nth queue."""
    name, floor = DEPARTMENTS[index % len(DEPARTMENTS)], index // len(DEPARTMENTS)
    return f"{name}-{floor + 1}" if floor else name


def outside_number(rng: Random) -> str:
    """Return a number in North America, ten digits."""
    return f"{rng.choice(AREA_CODES)}55501{rng.randrange(100):02}"


def caller(rng: Random) -> tuple[str, str]:
    """Return number and name of someone who calls: seldom from abroad, or withheld."""
    luck = rng.random()
    if luck < 0.02:  # noqa: PLR2004  # one in fifty
        return "anonymous", ""
    if luck < 0.05:  # noqa: PLR2004  # one in thirty
        return f"+44207946{rng.randrange(1000):04}", ""
    return outside_number(rng), rng.choice(COMPANIES) if luck < 0.5 else ""  # noqa: PLR2004  # half have a name
