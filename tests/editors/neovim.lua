-- Drives Neovim 0.7 and newer: see check_editor in editing.py for what is told and what is wanted.

local function read(path)
  local stream = assert(io.open(path, "rb"))
  local text = stream:read("*a")
  stream:close()
  return text
end

local function tell(told)
  local stream = assert(io.open(vim.env.DRIVER_OUT, "wb"))
  stream:write(vim.fn.json_encode(told))
  stream:close()
end

local problem

local function wait(what, condition)
  local arrived = vim.wait(30000, function()
    return problem or condition()
  end, 10)
  if not arrived or problem then
    error(problem or "waited in vain: " .. what)
  end
end

-- Ours; plugins of the system may have others.
local function diagnostics(buffer)
  return vim.tbl_filter(function(found)
    return found.source == "devbox-lint"
  end, vim.diagnostic.get(buffer))
end

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n") .. "\n"
end

-- Chooses the entry of the menu that has this in its title, instead of a person.
local function act(kind, title)
  local before = text()
  vim.ui.select = function(items, _, chosen)
    for _, item in ipairs(items) do
      local action = item.action or item[2]
      if action.title:lower():find(title:lower(), 1, true) then
        return chosen(item)
      end
    end
    problem = "no action " .. title .. " in " .. vim.inspect(items)
  end
  local context = { only = { kind }, diagnostics = kind ~= "quickfix" and {} or nil }
  vim.lsp.buf.code_action(vim.fn.has("nvim-0.8") == 1 and { context = context } or context)
  wait(kind, function()
    return text() ~= before
  end)
end

local function drive()
  local scenario = vim.fn.json_decode(read(vim.env.DRIVER_IN))
  vim.cmd("edit " .. scenario.lookalike)
  local other = vim.api.nvim_get_current_buf()
  vim.cmd("edit " .. scenario.file)
  wait("diagnostics", function()
    return #diagnostics(0) >= scenario.findings
  end)
  local shown = {}
  for _, found in ipairs(diagnostics(0)) do
    local code = found.code or found.user_data.lsp.code
    table.insert(shown, { code, found.lnum, found.col, found.end_lnum, found.end_col })
  end

  vim.api.nvim_win_set_cursor(0, { scenario.line + 1, #scenario.before })
  act("quickfix", scenario.title)
  local first = text()
  wait("fewer diagnostics", function()
    return #diagnostics(0) < scenario.findings
  end)

  act("source.fixAll.devbox-lint", "fix all")
  vim.cmd("write")
  tell({ shown = shown, lookalike = #diagnostics(other), first = first })
end

vim.schedule(function()
  local ok, failure = pcall(drive)
  if not ok then
    tell({ error = tostring(failure), log = read(vim.lsp.get_log_path()) })
  end
  vim.cmd("qall!")
end)
