local function is_free(placed, row, column)
  for i = 1, row do
    if column == placed[i] or math.abs(column - placed[i]) == row - i + 1 then return false end
  end
  return true
end
local function extend(n, placed)
  local row = #placed
  if row == n then coroutine.yield(placed) return end
  for column = 0, n - 1 do
    if is_free(placed, row, column) then
      local longer = {}
      for i = 1, row do longer[i] = placed[i] end
      longer[row + 1] = column
      extend(n, longer)
    end
  end
end
local n = tonumber(arg[1] or 10)
local count, total = 0, 0
for solution in coroutine.wrap(function() extend(n, {}) end) do
  count = count + 1
  total = total + solution[1] + solution[n] * 2 - 1
end
print(string.format("nqueens_generators(%d) = (%d, %d)", n, count, total))
