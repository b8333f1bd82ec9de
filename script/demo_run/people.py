"""Customers of the simulated office who call and write when somebody presses a button of the first page."""

from typing import Final, NamedTuple


class Customer(NamedTuple):
    """Somebody outside, by a number kept free for fiction."""

    name: str
    number: str


# The ten whom the office has in its address book. Nobody else in the simulated office
# has a number with one of these area codes, so that what comes of a button is not taken for something else.
CUSTOMERS: Final = (
    Customer("Maria Jimenez", "2245550142"),
    Customer("Lakeside Dental", "2245550163"),
    Customer("Prairie Vet Clinic", "7795550121"),
    Customer("Murphy & Sons", "8725550188"),
    Customer("Café Olé", "8725550117"),
    Customer("Ace Hardware Elgin", "2245550134"),
    Customer("St. Mary's School", "7795550155"),
    Customer("Dr. Olga Patel", "2625550186"),
    Customer("Søren Eriksson", "2625550179"),
    Customer("Swift Couriers", "7795550150"),
)
COURIER: Final = CUSTOMERS[-1]
VIPS: Final = (CUSTOMERS[0], CUSTOMERS[7])
CODE_WORD: Final = "open sesame"
# Where they write to and where they call: the front desk's own number, and a queue that nobody answers.
FRONT_DESK: Final = "8475550204"
UNATTENDED: Final = "After hours"
