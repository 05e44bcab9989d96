"""IEEE 754 rounding by whole numbers: round to nearest, ties to even."""

from fractions import Fraction

# Width in bytes: bits of the significand with its hidden one, and of the exponent.
FORMATS = {4: (24, 8), 8: (53, 11)}


def nearest(number, width):
    """The bits of the float of `width` bytes that is the nearest to a rational number."""
    number = Fraction(number)
    significand, exponent_bits = FORMATS[width]
    bias = (1 << exponent_bits - 1) - 1
    sign = (1 << 8 * width - 1) if number < 0 else 0
    number = abs(number)
    if number == 0:
        return 0
    # The exponent of the leading bit, not below that of the subnormals.
    exponent = number.numerator.bit_length() - number.denominator.bit_length()
    exponent -= number < Fraction(2) ** exponent
    exponent = max(exponent, 1 - bias)
    # round() of a fraction takes the nearest whole number, the even one of two.
    units = round(number / Fraction(2) ** (exponent - significand + 1))
    # A carry into the next exponent, and the hidden bit, come out right by addition.
    return sign + units + (exponent + bias - 1 << significand - 1)


def exact(bits, width):
    """The number that the bits of a finite float stand for."""
    significand, exponent_bits = FORMATS[width]
    fraction = bits & (1 << significand - 1) - 1
    exponent = bits >> significand - 1 & (1 << exponent_bits) - 1
    units = fraction + (1 << significand - 1 if exponent else 0)
    scale = max(exponent, 1) - (1 << exponent_bits - 1) + 1 - significand + 1
    number = units * Fraction(2) ** scale
    return -number if bits >> 8 * width - 1 else number
