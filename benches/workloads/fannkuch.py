"""Pancake flips over all permutations: list indexing, slices and reversal."""

import sys

ANSWERS = {6: (49, 10), 9: (8629, 30)}


def fannkuch(n):
    permutation = list(range(n))
    count = [0] * n
    checksum = 0
    most_flips = 0
    remaining = n
    even = True
    while True:
        while remaining != 1:
            count[remaining - 1] = remaining
            remaining -= 1

        first = permutation[0]
        if first != 0:
            flipped = permutation[:]
            flips = 0
            while first != 0:
                flipped[: first + 1] = flipped[first::-1]
                flips += 1
                first = flipped[0]
            if flips > most_flips:
                most_flips = flips
            checksum += flips if even else -flips

        while True:
            if remaining == n:
                return checksum, most_flips
            moved = permutation[0]
            for i in range(remaining):
                permutation[i] = permutation[i + 1]
            permutation[remaining] = moved
            count[remaining] -= 1
            if count[remaining] > 0:
                break
            remaining += 1
        even = not even


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    result = fannkuch(n)
    assert result == ANSWERS.get(n, result), result
    print(f"fannkuch({n}) = {result}")


if __name__ == "__main__":
    main()
