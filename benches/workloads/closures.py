"""Functions that make functions: counters with nonlocal, composition, decorators, currying, memoization."""

import sys

ANSWERS = {500: (605435, 1261, 500), 180000: (181375213, 450011, 180000)}


def make_counter(start):
    count = start

    def increment(step=1):
        nonlocal count
        count += step
        return count

    return increment


def compose(*functions):
    def composed(value):
        for function in functions:
            value = function(value)
        return value

    return composed


def adder(n):
    return lambda x: x + n


def curry(function):
    return lambda a: lambda b: lambda c: function(a, b, c)


def memoize(function):
    cache = {}

    def wrapper(n):
        if n not in cache:
            cache[n] = function(n)
        return cache[n]

    wrapper.cache = cache
    return wrapper


def counted(counter):
    def decorate(function):
        def wrapper(*args):
            counter()
            return function(*args)

        return wrapper

    return decorate


@memoize
def paths(n):
    if n < 2:
        return 1
    return (paths(n - 1) + paths(n - 2) * (n - 1)) % 1000003


calls = make_counter(0)


@counted(calls)
def mix(a, b, c):
    return (a * 31 + b * 17 + c) % 1009


def accumulate(values):
    total = 0

    def add(value):
        nonlocal total
        total = (total + value) % 1000003

    for value in values:
        add(value)
    return total


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 180000
    pipeline = compose(adder(3), lambda x: x * 2, adder(-1), lambda x: x % 1000)
    curried = curry(mix)
    counter = make_counter(10)
    total = 0
    for i in range(rounds):
        total += pipeline(i)
        total += curried(i)(total)(7)
        counter(step=i & 3)
        counter()
    total += accumulate([paths(i % 200) for i in range(rounds)])
    result = (total, counter(), calls(0))
    assert result == ANSWERS.get(rounds, result), result
    print(f"closures({rounds}) = {result}")


if __name__ == "__main__":
    main()
