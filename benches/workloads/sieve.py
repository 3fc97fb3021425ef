"""Prime sieve over a list of flags, with twin primes and the widest gap counted afterwards."""

import sys

ANSWERS = {1000: (168, 35, 20), 3000000: (216816, 20932, 148)}


def primes_below(limit):
    is_prime = [True] * limit
    is_prime[0] = is_prime[1] = False
    candidate = 2
    while candidate * candidate < limit:
        if is_prime[candidate]:
            for multiple in range(candidate * candidate, limit, candidate):
                is_prime[multiple] = False
        candidate += 1
    return [n for n in range(limit) if is_prime[n]]


def count_twins(primes):
    twins = 0
    for i in range(len(primes) - 1):
        if primes[i + 1] - primes[i] == 2:
            twins += 1
    return twins


def widest_gap(primes):
    widest = 0
    previous = primes[0]
    for prime in primes:
        gap = prime - previous
        if gap > widest:
            widest = gap
        previous = prime
    return widest


def main():
    limit = int(sys.argv[1]) if len(sys.argv) > 1 else 3000000
    primes = primes_below(limit)
    result = (len(primes), count_twins(primes), widest_gap(primes))
    assert result == ANSWERS.get(limit, result), result
    print(f"sieve({limit}) = {result}")


if __name__ == "__main__":
    main()
