"""Queens that do not attack each other, found by recursive generators."""

import sys

ANSWERS = {5: (10, 50), 10: (724, 9050)}


def extend(n, placed):
    """Yields each way to go on from the rows that are placed."""
    row = len(placed)
    if row == n:
        yield placed
        return
    for column in range(n):
        if is_free(placed, row, column):
            yield from extend(n, placed + [column])


def is_free(placed, row, column):
    return all(column != other and abs(column - other) != row - i for i, other in enumerate(placed))


def first_columns(solutions):
    for solution in solutions:
        yield solution[0] + solution[-1] * 2 - 1


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    columns = list(first_columns(extend(n, [])))
    result = (len(columns), sum(columns))
    assert result == ANSWERS.get(n, result), result
    print(f"nqueens_generators({n}) = {result}")


if __name__ == "__main__":
    main()
