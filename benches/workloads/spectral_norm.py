"""Spectral norm of an infinite matrix's corner by power iteration: floats, small functions, comprehensions."""

import sys

ANSWERS = {10: "1.271844019", 180: "1.274223402"}


def cell(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def times(vector):
    return [sum_of_row(i, vector) for i in range(len(vector))]


def times_transposed(vector):
    return [sum_of_column(i, vector) for i in range(len(vector))]


def sum_of_row(i, vector):
    total = 0.0
    for j, value in enumerate(vector):
        total += cell(i, j) * value
    return total


def sum_of_column(i, vector):
    total = 0.0
    for j, value in enumerate(vector):
        total += cell(j, i) * value
    return total


def spectral_norm(n):
    u = [1.0] * n
    v = u
    for _ in range(10):
        v = times_transposed(times(u))
        u = times_transposed(times(v))
    numerator = denominator = 0.0
    for x, y in zip(u, v):
        numerator += x * y
        denominator += y * y
    return (numerator / denominator) ** 0.5


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 180
    result = f"{spectral_norm(n):.9f}"
    assert result == ANSWERS.get(n, result), result
    print(f"spectral_norm({n}) = {result}")


if __name__ == "__main__":
    main()
