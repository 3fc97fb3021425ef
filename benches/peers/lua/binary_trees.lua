local Node = {}
Node.__index = Node
local function new_node(left, right) return setmetatable({ left = left, right = right }, Node) end
function Node:count()
  if self.left == nil then return 1 end
  return 1 + self.left:count() + self.right:count()
end
local function build(depth)
  if depth == 0 then return new_node(nil, nil) end
  return new_node(build(depth - 1), build(depth - 1))
end
local Tree = {}
Tree.__index = Tree
function Tree:insert(key)
  local entry = { key = key }
  if self.root == nil then
    self.root, self.size = entry, 1
    return
  end
  local node = self.root
  while true do
    if key == node.key then return end
    local side = key < node.key and "left" or "right"
    if node[side] == nil then
      node[side] = entry
      break
    end
    node = node[side]
  end
  self.size = self.size + 1
end
function Tree:contains(key)
  local node = self.root
  while node ~= nil and node.key ~= key do
    if key < node.key then node = node.left else node = node.right end
  end
  return node ~= nil
end
function Tree:keys()
  return coroutine.wrap(function()
    local pending, node = {}, self.root
    while #pending > 0 or node ~= nil do
      while node ~= nil do
        pending[#pending + 1] = node
        node = node.left
      end
      node = table.remove(pending)
      coroutine.yield(node.key)
      node = node.right
    end
  end)
end
local depth = tonumber(arg[1] or 16)
local kept, nodes = build(depth), 0
for level = 4, depth, 4 do
  for _ = 1, 2 ^ (depth - level) do nodes = nodes + build(level):count() end
end
assert(kept:count() == 2 ^ (depth + 1) - 1)
local tree, key = setmetatable({ size = 0 }, Tree), 1
for _ = 1, 2 ^ depth do
  key = key * 16807 % 2147483647
  tree:insert(key % 10007)
end
local count, last = 0, -1
for k in tree:keys() do
  assert(k > last)
  count, last = count + 1, k
end
assert(count == tree.size)
local found = 0
for number = 0, 10006, 3 do if tree:contains(number) then found = found + 1 end end
print(string.format("binary_trees(%d) = (%d, %d, %d, %d)", depth, nodes, tree.size, found, last))
