// What one call shows, and how large.
import { fill } from "/static/js/fill.js"
import { SHORT } from "./card.js"
import { columnsOf, widthOf } from "./letters.js"

const BETWEEN = " · "

export function paintCall(row, call) {
  const drawing = document.querySelector(`template[data-direction="${call.direction}"]`)
  fill(row, { ...call, direction: drawing?.dataset.words ?? "", zone: call.zone?.name ?? "" })
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
    ways: waysOf([text("direction"), text("zone")].filter(Boolean)),
    arrow: row.querySelector("[data-way]").childElementCount > 0,
    zone: row.dataset.zone,
  }
}

// The widths of the words in one line and, one above the other, in two.
function waysOf(words) {
  if (!words.length) return null
  return [widthOf(words.join(BETWEEN), 400), Math.max(...words.map((word) => widthOf(word, 400)))]
}

export function size(group) {
  group.cards.forEach((card, index) => {
    const lengths = {
      number: group.number, "number-width": group.digits, arrow: group.arrow, air: group.gap,
      name: group.names[index], way: group.ways[index],
    }
    for (const [key, length] of Object.entries(lengths)) card.row.style.setProperty(`--${key}`, `${length.toFixed(2)}px`)
    card.row.style.gridColumn = `${index ? "auto" : 1} / span ${group.span}` // each group begins a row of its own
    Object.assign(card.row.dataset, { shape: group.shape, wayLines: group.wayLines[index] })
    card.row.toggleAttribute("data-arrows", group.arrow > 0) // also of a card without: names stand below each other
  })
}
