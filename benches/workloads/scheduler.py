"""A small operating system: tasks of several classes exchange packets under a scheduler with priorities."""

import sys

ANSWERS = {300: (807, 300, 1104, 58272, 60348), 100000: (262593, 100000, 362590, 64685, 13016)}


class Packet:
    def __init__(self, kind, owner):
        self.kind = kind
        self.owner = owner
        self.value = 0
        self.next = None


class PacketQueue:
    """A linked first-in first-out queue."""

    def __init__(self):
        self.head = None
        self.tail = None
        self.length = 0

    def push(self, packet):
        packet.next = None
        if self.tail is None:
            self.head = packet
        else:
            self.tail.next = packet
        self.tail = packet
        self.length += 1

    def pop(self):
        packet = self.head
        self.head = packet.next
        if self.head is None:
            self.tail = None
        self.length -= 1
        return packet

    def __len__(self):
        return self.length

    def __bool__(self):
        return self.head is not None


class Task:
    """Runs until it has nothing to do; subclasses say what a step is."""

    def __init__(self, name, priority):
        self.name = name
        self.priority = priority
        self.inbox = PacketQueue()
        self.held = False
        self.steps = 0

    def is_ready(self):
        return not self.held and bool(self.inbox)

    def run(self, scheduler):
        self.steps += 1
        self.step(scheduler)

    def step(self, scheduler):
        raise NotImplementedError


class IdleTask(Task):
    """Releases devices by the bits of a shift register."""

    def __init__(self, name, priority, devices, count):
        super().__init__(name, priority)
        self.devices = devices
        self.count = count
        self.register = 1

    def is_ready(self):
        return self.count > 0

    def step(self, scheduler):
        self.count -= 1
        if self.register & 1:
            self.register = self.register >> 1 ^ 0xD008
            scheduler.release(self.devices[0])
        else:
            self.register >>= 1
            scheduler.release(self.devices[1])


class WorkerTask(Task):
    """Fills packets and sends them on to one of two handlers in turn."""

    def __init__(self, name, priority, handlers):
        super().__init__(name, priority)
        self.handlers = handlers
        self.turn = 0
        self.letter = 0

    def step(self, scheduler):
        packet = self.inbox.pop()
        self.turn = 1 - self.turn
        for _ in range(4):
            self.letter = self.letter % 26 + 1
            packet.value += self.letter
        packet.owner = self
        scheduler.send(self.handlers[self.turn], packet)


class HandlerTask(Task):
    """Passes packets to its device."""

    def __init__(self, name, priority, device):
        super().__init__(name, priority)
        self.device = device
        self.checksum = 0

    def step(self, scheduler):
        packet = self.inbox.pop()
        if packet.kind == "work":
            self.checksum = (self.checksum * 31 + packet.value) % 65521
        scheduler.send(self.device, packet)


class DeviceTask(Task):
    """Takes one packet, then is held until the idle task releases it."""

    def __init__(self, name, priority, worker):
        super().__init__(name, priority)
        self.worker = worker
        self.count = 0

    def step(self, scheduler):
        packet = self.inbox.pop()
        self.count += 1
        self.held = True
        scheduler.send(self.worker, packet)


class Scheduler:
    def __init__(self):
        self.tasks = {}
        self.order = []
        self.sent = 0
        self.releases = 0

    def add(self, task):
        self.tasks[task.name] = task
        self.order.append(task)
        self.order.sort(key=lambda task: -task.priority)

    def send(self, name, packet):
        self.sent += 1
        self.tasks[name].inbox.push(packet)

    def release(self, name):
        self.releases += 1
        self.tasks[name].held = False

    def run(self):
        while True:
            for task in self.order:
                if task.is_ready():
                    task.run(self)
                    break
            else:
                return


def build(count):
    scheduler = Scheduler()
    scheduler.add(IdleTask("idle", 0, ["disk", "network"], count))
    scheduler.add(WorkerTask("worker", 10, ["reader", "writer"]))
    scheduler.add(HandlerTask("reader", 20, "disk"))
    scheduler.add(HandlerTask("writer", 30, "network"))
    scheduler.add(DeviceTask("disk", 40, "worker"))
    scheduler.add(DeviceTask("network", 50, "worker"))
    for kind in ("work", "work", "control"):
        scheduler.send("worker", Packet(kind, None))
    return scheduler


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100000
    scheduler = build(count)
    scheduler.run()
    steps = sum(task.steps for task in scheduler.order)
    checksums = [task.checksum for task in scheduler.order if isinstance(task, HandlerTask)]
    result = (scheduler.sent, scheduler.releases, steps, *checksums)
    assert scheduler.releases == count
    assert result == ANSWERS.get(count, result), result
    print(f"scheduler({count}) = {result}")


if __name__ == "__main__":
    main()
