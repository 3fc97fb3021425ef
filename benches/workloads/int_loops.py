"""Nested integer loops: the longest Collatz chain, greatest common divisors and digit sums."""

import sys

ANSWERS = {200: (171, 125, 23136, 1900), 70000: (52527, 340, 18864, 1470000)}


def longest_collatz_chain(limit):
    best_start = 1
    best_length = 1
    for start in range(1, limit, 2):
        n = start
        length = 1
        while n != 1:
            if n % 2 == 0:
                n //= 2
            else:
                n = 3 * n + 1
            length += 1
        if length > best_length:
            best_start = start
            best_length = length
    return best_start, best_length


def sum_of_gcds(limit):
    total = 0
    step = limit // 100 or 1
    for a in range(1, limit, step):
        for b in range(1, 100):
            x, y = a, b
            while y:
                x, y = y, x % y
            total += x
    return total


def sum_of_digits(limit):
    total = 0
    for n in range(limit):
        while n > 0:
            total += n % 10
            n //= 10
    return total


def main():
    limit = int(sys.argv[1]) if len(sys.argv) > 1 else 70000
    result = (*longest_collatz_chain(limit), sum_of_gcds(limit), sum_of_digits(limit))
    assert result == ANSWERS.get(limit, result), result
    print(f"int_loops({limit}) = {result}")


if __name__ == "__main__":
    main()
