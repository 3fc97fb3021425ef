"""Recursive Fibonacci numbers: calls, comparisons and small integers."""

import sys

ANSWERS = {12: 144, 32: 2178309}


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 32
    result = fib(n)
    assert result == ANSWERS.get(n, result), result
    print(f"fib({n}) = {result}")


if __name__ == "__main__":
    main()
