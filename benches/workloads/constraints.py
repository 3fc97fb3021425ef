"""One-way constraints that are planned and kept: a change of one value flows through a graph of objects."""

import sys

ANSWERS = {12: (13, 265176, 1048), 800: (801, 516955200, 69604)}

REQUIRED, STRONG, MEDIUM, WEAK = range(4)


class Variable:
    def __init__(self, name, value):
        self.name = name
        self.value = value
        self.constraints = []
        self.determined_by = None
        self.strength = WEAK + 1
        self.mark = 0

    def __repr__(self):
        return f"{self.name}={self.value}"


class Constraint:
    """Keeps a relation between variables by computing one of them, its output, from the others."""

    def __init__(self, strength):
        self.strength = strength
        self.output = None

    def variables(self):
        raise NotImplementedError

    def candidates(self):
        """The variables that the constraint can compute."""
        return self.variables()

    def inputs(self):
        return [variable for variable in self.variables() if variable is not self.output]

    def is_satisfied(self):
        return self.output is not None

    def compute(self):
        raise NotImplementedError

    def weakest_input(self):
        strength = self.strength
        for variable in self.inputs():
            if variable.strength > strength:
                strength = variable.strength
        return strength


class Stay(Constraint):
    """Keeps a variable as it is."""

    def __init__(self, variable, strength):
        super().__init__(strength)
        self.variable = variable

    def variables(self):
        return [self.variable]

    def compute(self):
        pass


class Edit(Stay):
    """Sets a variable from outside."""

    def __init__(self, variable, strength):
        super().__init__(variable, strength)
        self.new_value = variable.value

    def compute(self):
        self.variable.value = self.new_value


class Equal(Constraint):
    def __init__(self, left, right, strength):
        super().__init__(strength)
        self.left = left
        self.right = right

    def variables(self):
        return [self.left, self.right]

    def compute(self):
        if self.output is self.right:
            self.right.value = self.left.value
        else:
            self.left.value = self.right.value


class Scale(Equal):
    """right = left * factor + offset."""

    def __init__(self, left, factor, offset, right, strength):
        super().__init__(left, right, strength)
        self.factor = factor
        self.offset = offset

    def compute(self):
        if self.output is self.right:
            self.right.value = self.left.value * self.factor + self.offset
        else:
            self.left.value = (self.right.value - self.offset) // self.factor


class Planner:
    def __init__(self):
        self.marker = 0
        self.added = 0

    def add(self, constraint):
        """Satisfies a constraint; weaker ones that lose their output are added again elsewhere."""
        for variable in constraint.variables():
            variable.constraints.append(constraint)
        self.marker += 1
        while constraint is not None:
            self.added += 1
            constraint = self.satisfy(constraint, self.marker)

    def remove(self, constraint):
        for variable in constraint.variables():
            variable.constraints.remove(constraint)
        output = constraint.output
        if output is None:
            return
        constraint.output = None
        output.determined_by = None
        output.strength = WEAK + 1
        unsatisfied = self.propagate_strength(output)
        unsatisfied.sort(key=lambda constraint: constraint.strength)
        for other in unsatisfied:
            self.marker += 1
            while other is not None:
                self.added += 1
                other = self.satisfy(other, self.marker)

    def satisfy(self, constraint, marker):
        output = None
        for variable in constraint.candidates():
            if variable.mark != marker and constraint.strength < variable.strength:
                if output is None or variable.strength > output.strength:
                    output = variable
        if output is None:
            if constraint.strength == REQUIRED:
                raise ValueError("a required constraint cannot be kept")
            return None
        constraint.output = output
        for variable in constraint.inputs():
            variable.mark = marker
        overridden = output.determined_by
        if overridden is not None:
            overridden.output = None
        output.determined_by = constraint
        output.mark = marker
        self.propagate(output)
        return overridden

    def propagate(self, variable):
        for constraint in self.plan_from(variable.determined_by):
            constraint.output.strength = constraint.weakest_input()
            constraint.compute()

    def propagate_strength(self, variable):
        unsatisfied = []
        pending = [variable]
        while pending:
            current = pending.pop()
            for constraint in current.constraints:
                if not constraint.is_satisfied():
                    unsatisfied.append(constraint)
                elif constraint.output is not current:
                    constraint.output.strength = constraint.weakest_input()
                    pending.append(constraint.output)
        return unsatisfied

    def plan_from(self, first):
        """The constraints downstream of one, in the order in which they compute."""
        plan = []
        pending = [first]
        while pending:
            constraint = pending.pop()
            plan.append(constraint)
            output = constraint.output
            for other in output.constraints:
                if other is not constraint and other.is_satisfied() and other.output is not output:
                    pending.append(other)
        return plan


def chain(planner, length):
    """A row of equal variables, edited at its front."""
    variables = [Variable(f"v{i}", 0) for i in range(length + 1)]
    for left, right in zip(variables, variables[1:]):
        planner.add(Equal(left, right, REQUIRED))
    planner.add(Stay(variables[-1], MEDIUM))
    edit = Edit(variables[0], STRONG)
    planner.add(edit)
    plan = planner.plan_from(edit)
    for value in range(20):
        edit.new_value = value
        for constraint in plan:
            constraint.compute()
        assert variables[-1].value == value, variables[-1]
    planner.remove(edit)
    return len(plan)


def projection(planner, length):
    """Many pairs that are bound by a factor and an offset, edited at both ends."""
    scale = Variable("scale", 10)
    offset = Variable("offset", 1000)
    total = 0
    for i in range(length):
        source = Variable(f"source{i}", i)
        target = Variable(f"target{i}", i)
        planner.add(Stay(source, MEDIUM))
        planner.add(Scale(source, scale.value, offset.value, target, REQUIRED))
        assert target.value == i * 10 + 1000, target
        edit = Edit(target, STRONG)
        edit.new_value = 1050 + i * 10
        planner.add(edit)
        assert source.value == i + 5, source
        planner.remove(edit)
        total += source.value + target.value
    return total


def main():
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 800
    planner = Planner()
    plan = chain(planner, size)
    total = projection(planner, size * 12)
    result = (plan, total, planner.added)
    assert result == ANSWERS.get(size, result), result
    print(f"constraints({size}) = {result}")


if __name__ == "__main__":
    main()
