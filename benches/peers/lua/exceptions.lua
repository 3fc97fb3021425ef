-- error and pcall in the place of raise and try; errors are tables with a kind.
local function parse_digits(text)
  local value = 0
  for position = 1, #text do
    local code = text:byte(position)
    if code < 48 or code > 57 then error({ kind = "parse", position = position - 1 }) end
    value = value * 10 + code - 48
  end
  return value
end
local function parse_or_default(text, default)
  local ok, result = pcall(parse_digits, text)
  if ok then return result end
  if result.kind ~= "parse" then error(result) end
  if result.position > 1 then return parse_digits(text:sub(1, result.position)) end
  return default
end
local function get(t, key)
  local value = t[key]
  if value == nil then error({ kind = "key" }) end
  return value
end
local function look_up(t, key, log)
  local ok, result = pcall(get, t, key)
  if not ok then
    log[#log + 1] = key
    result = -1
  end
  log[#log + 1] = 0
  return result
end
local function quotient(a, b)
  if b == 0 then error({ kind = "zero" }) end
  return math.floor(a / b)
end
local function divide_all(divisor)
  local total = 0
  for value = 0, 9 do
    local ok, result = pcall(quotient, value, divisor)
    if ok then total = total + result + 1 else total = total - 1 end
  end
  return total
end
local function chained(depth)
  if depth == 0 then error({ kind = "bottom" }) end
  local _, cause = pcall(chained, depth - 1)
  error({ kind = "level", cause = cause })
end
local function inner(n)
  if n % 3 == 0 then error({ kind = "recovered", value = n }) end
  local ok, result = pcall(get, { [0] = n }, n % 2)
  return ok and result or 1
end
local function recover(n)
  local ok, result = pcall(inner, n)
  return ok and result or result.value
end
local rounds = tonumber(arg[1] or 120000)
local texts, squares, log, total = { "17", "4x", "x", "123z5", "98", "0" }, {}, {}, 0
for i = 0, 99, 2 do squares[i] = i * i end
for i = 0, rounds - 1 do
  total = total + parse_or_default(texts[i % 6 + 1], -1) + look_up(squares, i % 100, log) + recover(i)
  if i % 20 == 0 then
    total = total + divide_all(i % 3)
    local _, cause = pcall(chained, 5)
    while cause do total, cause = total + 1, cause.cause end
  end
end
print(string.format("exceptions(%d) = (%d, %d)", rounds, total, #log))
