"""Customers of the simulated office who call and write when somebody presses a button of the first page."""

from typing import Final, NamedTuple


class Customer(NamedTuple):
    """Somebody outside, by a number kept free for fiction."""

    name: str
    number: str


# The ten whom the office knows: an address book for the demo is to be made of them.
CUSTOMERS: Final = (
    Customer("Maria Jimenez", "8155550142"),
    Customer("Lakeside Dental", "8475550163"),
    Customer("Prairie Vet Clinic", "3125550121"),
    Customer("Murphy & Sons", "7735550188"),
    Customer("Café Olé", "6305550117"),
    Customer("Ace Hardware Elgin", "8475550134"),
    Customer("St. Mary's School", "3315550155"),
    Customer("Dr. Olga Patel", "7085550186"),
    Customer("Søren Eriksson", "6175550179"),
    Customer("Swift Couriers", "4145550150"),
)
CALLER, WRITER, COURIER = CUSTOMERS[1], CUSTOMERS[0], CUSTOMERS[-1]
CODE_WORD: Final = "open sesame"
# Where they write to and where they call: the front desk's own number, and a queue that nobody answers.
FRONT_DESK: Final = "8475550204"
UNATTENDED: Final = "After hours"
