"""What the head of a column says of the cells below it."""

from enum import StrEnum


class Column(StrEnum):
    """The columns that a table of items can have; the last four hold what a line comes to."""

    POSITION = "position"
    CODE = "code"
    DATE = "date"
    DESCRIPTION = "description"
    QUANTITY = "quantity"
    UNIT = "unit"
    UNIT_PRICE = "unit_price"
    DISCOUNT = "discount"
    TAX_RATE = "tax_rate"  # its cells may hold the amount of tax instead
    TAX = "tax"
    NET = "net"
    GROSS = "gross"
    TOTAL = "total"  # net or gross, the head does not say
