local floor = math.floor
local function make_matrix(n, seed)
  local state, rows = seed, {}
  for i = 1, n do
    local row = {}
    for j = 1, n do
      -- In two steps, so that the product stays exact in a double.
      local high, low = floor(state / 65536), state % 65536
      state = ((high * 1103515245 % 32768) * 65536 + low * 1103515245 + 12345) % 2147483648
      row[j] = floor(state / 65536) % 100
    end
    rows[i] = row
  end
  return rows
end
local function multiply(a, b)
  local n, columns, product = #a, {}, {}
  for j = 1, n do
    columns[j] = {}
    for i = 1, n do columns[j][i] = b[i][j] end
  end
  for i = 1, n do
    local row, out = a[i], {}
    for j = 1, n do
      local column, total = columns[j], 0
      for k = 1, n do total = total + row[k] * column[k] end
      out[j] = total
    end
    product[i] = out
  end
  return product
end
local function trace(m)
  local total = 0
  for i = 1, #m do total = total + m[i][i] end
  return total
end
local function halved(m)
  local out = {}
  for i, row in ipairs(m) do
    out[i] = {}
    for j, x in ipairs(row) do out[i][j] = x / 2 end
  end
  return out
end
local n = tonumber(arg[1] or 140)
local a, b = make_matrix(n, 42), make_matrix(n, 7)
local product = multiply(a, b)
assert(trace(multiply(halved(a), halved(b))) * 4 == trace(product))
assert(trace(multiply(b, a)) == trace(product))
local total = 0
for _, row in ipairs(product) do for _, x in ipairs(row) do total = total + x end end
print(string.format("matmul(%d) = (%.0f, %.0f)", n, trace(product), total))
