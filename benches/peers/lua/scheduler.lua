local bit_xor
if jit then bit_xor = require("bit").bxor else bit_xor = load("return function(a, b) return a ~ b end")() end
local floor = math.floor
local Queue = {}
Queue.__index = Queue
function Queue.new() return setmetatable({ length = 0 }, Queue) end
function Queue:push(packet)
  packet.next = nil
  if self.tail == nil then self.head = packet else self.tail.next = packet end
  self.tail = packet
  self.length = self.length + 1
end
function Queue:pop()
  local packet = self.head
  self.head = packet.next
  if self.head == nil then self.tail = nil end
  self.length = self.length - 1
  return packet
end
local Task = {}
Task.__index = Task
local function class()
  local c = setmetatable({}, { __index = Task })
  c.__index = c
  return c
end
local function new(c, name, priority)
  return setmetatable({ name = name, priority = priority, inbox = Queue.new(), held = false, steps = 0 }, c)
end
function Task:is_ready() return not self.held and self.inbox.head ~= nil end
function Task:run(scheduler)
  self.steps = self.steps + 1
  self:step(scheduler)
end
local Idle, Worker, Handler, Device = class(), class(), class(), class()
function Idle:is_ready() return self.count > 0 end
function Idle:step(scheduler)
  self.count = self.count - 1
  if self.register % 2 == 1 then
    self.register = bit_xor(floor(self.register / 2), 0xD008)
    scheduler:release(self.devices[1])
  else
    self.register = floor(self.register / 2)
    scheduler:release(self.devices[2])
  end
end
function Worker:step(scheduler)
  local packet = self.inbox:pop()
  self.turn = 1 - self.turn
  for _ = 1, 4 do
    self.letter = self.letter % 26 + 1
    packet.value = packet.value + self.letter
  end
  packet.owner = self
  scheduler:send(self.handlers[self.turn + 1], packet)
end
function Handler:step(scheduler)
  local packet = self.inbox:pop()
  if packet.kind == "work" then self.checksum = (self.checksum * 31 + packet.value) % 65521 end
  scheduler:send(self.device, packet)
end
function Device:step(scheduler)
  local packet = self.inbox:pop()
  self.count = self.count + 1
  self.held = true
  scheduler:send(self.worker, packet)
end
local scheduler = { tasks = {}, order = {}, sent = 0, releases = 0 }
function scheduler:add(task, fields)
  for name, value in pairs(fields) do task[name] = value end
  self.tasks[task.name] = task
  table.insert(self.order, task)
  table.sort(self.order, function(a, b) return a.priority > b.priority end)
end
function scheduler:send(name, packet)
  self.sent = self.sent + 1
  self.tasks[name].inbox:push(packet)
end
function scheduler:release(name)
  self.releases = self.releases + 1
  self.tasks[name].held = false
end
function scheduler:run()
  while true do
    local ran = false
    for _, task in ipairs(self.order) do
      if task:is_ready() then
        task:run(self)
        ran = true
        break
      end
    end
    if not ran then return end
  end
end
local count = tonumber(arg[1] or 100000)
scheduler:add(new(Idle, "idle", 0), { devices = { "disk", "network" }, count = count, register = 1 })
scheduler:add(new(Worker, "worker", 10), { handlers = { "reader", "writer" }, turn = 0, letter = 0 })
scheduler:add(new(Handler, "reader", 20), { device = "disk", checksum = 0 })
scheduler:add(new(Handler, "writer", 30), { device = "network", checksum = 0 })
scheduler:add(new(Device, "disk", 40), { worker = "worker", count = 0 })
scheduler:add(new(Device, "network", 50), { worker = "worker", count = 0 })
for _, kind in ipairs({ "work", "work", "control" }) do scheduler:send("worker", { kind = kind, value = 0 }) end
scheduler:run()
local steps, checksums = 0, {}
for _, task in ipairs(scheduler.order) do
  steps = steps + task.steps
  if task.checksum then checksums[#checksums + 1] = task.checksum end
end
print(string.format("scheduler(%d) = (%d, %d, %d, %d, %d)", count, scheduler.sent, scheduler.releases, steps, checksums[1], checksums[2]))
