# Sockets, select, child processes, event loops.
import select, socket, subprocess, sys

a, b = socket.socketpair()
print(a.family.name, a.type.name, a.gettimeout())
print(select.select([b], [], [], 0)[0], a.send(b'hello'), select.select([b], [a], [], 1)[0] == [b], b.recv(3), b.recv(9))
b.settimeout(0.01)
try:
    b.recv(1)
except TimeoutError as error:
    print(type(error).__name__, error)
b.setblocking(False)
try:
    b.recv(1)
except BlockingIOError as error:
    print(type(error).__name__)
a.close()
print(b.recv(1), a.fileno())
b.close()
server = socket.create_server(('127.0.0.1', 0))
client = socket.create_connection(server.getsockname())
connection, address = server.accept()
client.sendall(b'x' * 1000)
client.shutdown(socket.SHUT_WR)
with connection.makefile('rb') as stream:
    print(len(stream.read()), address[0])
for s in (client, connection, server):
    s.close()
print(subprocess.run(['sh', '-c', 'echo out; cat; exit 3'], input='in', capture_output=True, text=True))
try:
    subprocess.run(['/no/such/program'])
except FileNotFoundError as error:
    print(error)

import asyncio


async def work(name, count):
    for i in range(count):
        await asyncio.sleep(0.001 * (1 + len(name)))
    return name


async def main():
    results = await asyncio.gather(work('a', 2), work('bcd', 1), work('e', 3))
    print(results)
    try:
        await asyncio.wait_for(asyncio.sleep(10), 0.01)
    except TimeoutError as error:
        print(type(error).__name__)
    queue = asyncio.Queue()
    async with asyncio.TaskGroup() as group:
        group.create_task(queue.put(1))
        print(await queue.get())
    return 'done'

print(asyncio.run(main()))
