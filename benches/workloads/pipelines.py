"""Lazy pipelines: generators with send, generator expressions, itertools, zip, enumerate, context managers."""

import itertools
import sys

ANSWERS = {
    1000: (488, 507, 257874, 10553, 20708999, 1649, 1, 1, 63, 50),
    300000: (149856, 499, 75045368, 12578, 562488750200000, 385792, 1, 1, 18750, 15315),
}


def numbers(count):
    state = 7
    for _ in range(count):
        state = state * 48271 % 2147483647
        yield state % 1000


def pairwise(items):
    iterator = iter(items)
    previous = next(iterator)
    for item in iterator:
        yield previous, item
        previous = item


def running_mean():
    total = count = 0
    mean = None
    while True:
        value = yield mean
        if value is None:
            return total
        total += value
        count += 1
        mean = total // count


def chunks(items, size):
    chunk = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


class Stage:
    """Counts what goes on inside a with block."""

    def __init__(self, log, name):
        self.log = log
        self.name = name

    def __enter__(self):
        self.log[self.name] = self.log.get(self.name, 0) + 1
        return self

    def __exit__(self, kind, error, trace):
        return kind is StopIteration


def total_mean(values):
    mean = running_mean()
    next(mean)
    last = 0
    for value in values:
        last = mean.send(value)
    try:
        mean.send(None)
    except StopIteration as stop:
        return last, stop.value


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300000
    log = {}
    with Stage(log, "rising"):
        rising = sum(1 for a, b in pairwise(numbers(count)) if a < b)
    with Stage(log, "mean"):
        mean, total = total_mean(n for n in numbers(count) if n % 2)
    largest = 0
    for chunk in chunks(numbers(count), 16):
        with Stage(log, "chunk"):
            largest = max(largest, sum(chunk))
            next(n for n in chunk if n > 900)
            log["big"] = log.get("big", 0) + 1
    squares = (n * n for n in itertools.count())
    evens = itertools.islice((n for n in squares if n % 2 == 0), count // 4)
    mixed = sum(a ^ b for a, b in zip(evens, itertools.cycle((1, 2, 3))))
    weighted = sum(i * n % 7 for i, n in enumerate(itertools.chain(numbers(count // 2), range(100))))
    result = (rising, mean, total, largest, mixed, weighted, *log.values())
    assert result == ANSWERS.get(count, result), result
    print(f"pipelines({count}) = {result}")


if __name__ == "__main__":
    main()
