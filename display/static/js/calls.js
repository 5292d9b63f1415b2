// How calls share the wall, and what one of them shows.
import { fill } from "/static/js/fill.js"

const ONE_LINE = 14
const MANY = 6
const portrait = matchMedia("(orientation: portrait)")

export function paintCall(row, call, bell) {
  fill(row, call)
  if (call.direction !== undefined) showWay(row, call.direction)
  shareOut(row, call.number.length, call.counter_label.length)
  row.toggleAttribute("data-fresh", bell.isFresh(call.ticket_id))
}

function showWay(row, direction) {
  const way = row.querySelector("[data-way]")
  if (way.dataset.way === String(direction)) return
  way.dataset.way = direction
  const drawing = document.querySelector(`template[data-direction="${direction}"]`)
  way.replaceChildren(...(drawing ? [drawing.content.cloneNode(true)] : []))
  fill(row, { way: drawing?.dataset.words ?? "" })
}

// The style divides the width by these; a long name of a counter gets two lines.
function shareOut(row, digits, letters) {
  const isLong = letters > ONE_LINE
  row.dataset.length = isLong ? "long" : "short"
  row.style.setProperty("--digits", digits)
  row.style.setProperty("--letters", isLong ? Math.ceil(letters / 2) + 2 : letters)
}

// The newest call has the top row; the others share what is left, in two columns when there are many.
export function arrange(list, count) {
  list.dataset.count = count
  list.toggleAttribute("data-many", count > MANY)
  const columns = count > 3 && !portrait.matches ? 2 : 1
  list.style.setProperty("--columns", columns)
  list.style.setProperty("--rows", Math.ceil(Math.max(0, count - 1) / columns))
  list.style.setProperty("--first", count > 3 ? "2fr" : "1.4fr")
}

portrait.addEventListener("change", () => {
  const list = document.querySelector("[data-calls]")
  arrange(list, Number(list.dataset.count ?? 0))
})
