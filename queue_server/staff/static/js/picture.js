// Puts a counter's picture on the page. Everything is set each time, also what is not there.
import { fill, phrase, word } from "/static/js/fill.js"
import { showClient } from "./client.js"
import { showLists } from "./lists.js"
import { undoLeft } from "./possible.js"

const part = (name) => document.querySelector(`[data-${name}]`)
const { label } = part("label").dataset

export function showCounter(picture) {
  showState(picture.counter.state)
  showClient(picture)
  fill(part("next").parentElement, { waiting: picture.waiting, waiting_total: picture.waiting_total })
  showLists(picture)
  showUndo(picture.undo)
  showTrouble(picture.trouble[0])
  showTitle(picture)
}

function showState(state) {
  part("counter-state").dataset.state = state
  if (part("counter-state").textContent !== word(state)) part("counter-state").textContent = word(state)
  for (const spot of document.querySelectorAll("[data-when-open]")) spot.hidden = state !== "open"
  for (const spot of document.querySelectorAll("[data-when-not-open]")) spot.hidden = state === "open"
  document.querySelector("[data-action=close]").hidden = state === "closed"
}

function showUndo(undo) {
  const seconds = undoLeft(undo)
  const button = document.querySelector("[data-action=undo]")
  button.toggleAttribute("data-away", seconds === 0)
  button.querySelector("[data-hint]").dataset.own = seconds ? phrase("undo-left", { number: undo.number, seconds }) : ""
}

function showTrouble(trouble) {
  part("trouble").hidden = !trouble
  if (trouble) fill(part("trouble"), { trouble: word(`trouble-${trouble.reason}`) || word("trouble-other") })
}

// Beside other programs often only the title of a window can be seen.
function showTitle({ ticket, waiting }) {
  const title = [waiting ? `(${waiting})` : "", ticket?.number ?? "", label].filter(Boolean).join(" ")
  if (document.title !== title) document.title = title
}
