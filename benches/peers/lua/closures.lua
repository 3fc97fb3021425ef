local function make_counter(start)
  local count = start
  return function(step)
    count = count + (step or 1)
    return count
  end
end
local function compose(...)
  local functions = { ... }
  return function(value)
    for i = 1, #functions do value = functions[i](value) end
    return value
  end
end
local function adder(n) return function(x) return x + n end end
local function curry(f)
  return function(a) return function(b) return function(c) return f(a, b, c) end end end
end
local function memoize(f)
  local cache = {}
  return function(n)
    if cache[n] == nil then cache[n] = f(n) end
    return cache[n]
  end
end
local paths
paths = memoize(function(n)
  if n < 2 then return 1 end
  return (paths(n - 1) + paths(n - 2) * (n - 1)) % 1000003
end)
local calls = make_counter(0)
local function counted(counter)
  return function(f)
    return function(...) counter() return f(...) end
  end
end
local mix = counted(calls)(function(a, b, c) return (a * 31 + b * 17 + c) % 1009 end)
local function accumulate(values)
  local total = 0
  local function add(value) total = (total + value) % 1000003 end
  for i = 1, #values do add(values[i]) end
  return total
end
local rounds = tonumber(arg[1] or 180000)
local pipeline = compose(adder(3), function(x) return x * 2 end, adder(-1), function(x) return x % 1000 end)
local curried, counter, total = curry(mix), make_counter(10), 0
for i = 0, rounds - 1 do
  total = total + pipeline(i)
  total = total + curried(i)(total)(7)
  counter(i % 4)
  counter()
end
local values = {}
for i = 0, rounds - 1 do values[i + 1] = paths(i % 200) end
total = total + accumulate(values)
print(string.format("closures(%d) = (%d, %d, %d)", rounds, total, counter(), calls(0)))
