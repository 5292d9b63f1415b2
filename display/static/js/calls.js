// What one call shows, and how large.
import { fill } from "/static/js/fill.js"
import { SHORT, wayOf } from "./card.js"
import { columnsOf, widthOf } from "./letters.js"

export function paintCall(row, call) {
  const drawing = document.querySelector(`template[data-direction="${call.direction}"]`)
  const words = [drawing?.dataset.words, call.zone?.name].filter(Boolean).join(" · ")
  fill(row, { ...call, way: words })
  row.toggleAttribute("data-long", call.counter_label.length > SHORT)
  showArrow(row.querySelector("[data-way]"), call.direction ?? "", drawing)
  if (call.zone) row.dataset.zone = call.zone.colour
  else delete row.dataset.zone
}

function showArrow(way, direction, drawing) {
  if (way.dataset.way === direction) return
  way.dataset.way = direction
  way.replaceChildren(...(drawing ? [drawing.content.cloneNode(true)] : []))
}

// What arrange.js needs to know of a row.
export function measure(row) {
  const text = (name) => row.querySelector(`[data-fill=${name}]`).textContent
  return {
    row,
    digits: widthOf(text("number")),
    columns: columnsOf(text("counter_label")),
    letters: text("counter_label").length,
    way: text("way") ? widthOf(text("way"), 400) : 0,
    arrow: row.querySelector("[data-way]").childElementCount > 0,
    zone: row.dataset.zone,
  }
}

export function size(group) {
  group.cards.forEach((card, index) => {
    const name = group.names[index]
    const lengths = {
      number: group.number, "number-width": group.digits, arrow: group.arrow, pad: group.pad, air: group.gap, name,
      way: wayOf(card, name, group.left),
    }
    for (const [key, length] of Object.entries(lengths)) card.row.style.setProperty(`--${key}`, `${length.toFixed(2)}px`)
    card.row.style.gridColumn = `${index ? "auto" : 1} / span ${group.span}` // each group begins a row of its own
    card.row.dataset.shape = group.shape
  })
}
