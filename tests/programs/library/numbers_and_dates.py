"""fractions, decimal, datetime, statistics, random: modules written in Python over the built-in numbers."""
import random
import statistics
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation, getcontext
from fractions import Fraction

print(Fraction(3, 4) + Fraction(1, 6), Fraction("0.125"), Fraction(7, 3).limit_denominator(2), Fraction(0.1))
print(Fraction(-7, 3) // 2, Fraction(-7, 3) % 2, Fraction(1, 3) ** -2, round(Fraction(5, 2)), float(Fraction(1, 3)))
getcontext().prec = 30
print(Decimal(1) / Decimal(7), Decimal("2").sqrt(), Decimal("1e-5").normalize(), Decimal("1.10") + Decimal("2.205"))
print(Decimal("2.675").quantize(Decimal("0.01"), ROUND_HALF_EVEN), Decimal("NaN").is_nan(), Decimal("1E+3"), -Decimal(0))
try:
    Decimal("x")
except InvalidOperation as error:
    print(type(error).__name__)
print(datetime(2024, 2, 29, 12, 30) + timedelta(days=366), date(2023, 1, 1).strftime("%A %d %B %Y"))
print((date(2024, 3, 1) - date(2024, 2, 1)).days, datetime.fromisoformat("2020-01-02T03:04:05+02:00").astimezone(timezone.utc))
print(timedelta(days=-1, seconds=3661.5), divmod(timedelta(hours=25), timedelta(hours=7)), tuple(date(2024, 12, 30).isocalendar()))
random.seed(42)
print(random.random(), random.randint(1, 100), random.sample(range(50), 5), random.choice("xyz"), random.gauss(0, 1))
items = list(range(10))
random.shuffle(items)
print(items, random.choices("ab", [1, 9], k=8), random.uniform(1, 2))
print(statistics.mean([1, 2, 3, 4]), statistics.stdev([1, 2, 3, 4]), statistics.median([3, 1, 2]), statistics.quantiles(range(10)))
