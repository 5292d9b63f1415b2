// How calls share the wall, and what one of them shows.
import { fill } from "/static/js/fill.js"

const LONG_LABEL = 11
const portrait = matchMedia("(orientation: portrait)")

export function paintCall(row, call, bell) {
  fill(row, call)
  row.dataset.length = call.counter_label.length > LONG_LABEL ? "long" : "short"
  if (call.direction !== undefined) showWay(row.querySelector("[data-way]"), call.direction)
  row.toggleAttribute("data-fresh", bell.isFresh(call.ticket_id))
}

function showWay(way, direction) {
  if (way.dataset.way === String(direction)) return
  way.dataset.way = direction
  const drawing = document.querySelector(`template[data-direction="${direction}"]`)
  way.replaceChildren(...(drawing ? [drawing.content.cloneNode(true)] : []))
}

// The newest call has the top row; the others share what is left, in two columns when there are many.
export function arrange(list, count) {
  list.dataset.count = count
  const columns = count > 3 && !portrait.matches ? 2 : 1
  list.style.setProperty("--columns", columns)
  list.style.setProperty("--rows", Math.ceil(Math.max(0, count - 1) / columns))
  list.style.setProperty("--first", count > 3 ? "2fr" : "1.4fr")
}

portrait.addEventListener("change", () => {
  const list = document.querySelector("[data-calls]")
  arrange(list, Number(list.dataset.count ?? 0))
})
