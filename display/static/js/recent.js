// Who was called before: as many as have room at a readable size. The list is short, so the page never grows.
import { fill } from "/static/js/fill.js"
import { showRows } from "/static/js/rows.js"
import { SHORT } from "./card.js"

const list = document.querySelector("[data-recent]")

export function showRecent(calls) {
  if (!list) return
  if (calls) showRows(list, calls, (call) => call.ticket_id, paint)
  const rows = [...list.children].filter((row) => row.dataset.key)
  list.closest("[data-recent-part]").hidden = rows.length === 0
  for (const row of rows) row.hidden = false
  const { bottom } = list.getBoundingClientRect()
  for (const row of rows) row.hidden = row.getBoundingClientRect().bottom > bottom + 1
}

function paint(row, call) {
  fill(row, call)
  row.toggleAttribute("data-long", call.counter_label.length > SHORT)
}
