// Shows the sheets of the printer without paper as they come out, and lets it have every fault.
import { formatInstant } from "/static/js/clock.js"
import { fill, phrase, word } from "/static/js/fill.js"
import { watch } from "/static/js/live.js"
import { post } from "/static/js/post.js"
import { showRows } from "/static/js/rows.js"

const roll = document.querySelector("[data-sheets]")
const lost = document.querySelector("[data-lost]")
const switches = [...document.querySelectorAll("[data-fault]")]
const message = document.querySelector("[data-message]")
const printer = `/api/v1/printers/${encodeURIComponent(document.body.dataset.audience.split(":")[1])}`
const LOOKS = { ready: "open", trouble: "paused", unknown: "closed" } // the chip's colours
const metresInWords = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 })
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }
let seen = null // the first picture shows old sheets, which lie there already

function paint(row, sheet) {
  const picture = row.querySelector("img")
  const address = `${roll.dataset.folder}${encodeURIComponent(sheet)}`
  if (picture.getAttribute("src") !== address) picture.src = address
  row.toggleAttribute("data-new", seen !== null && !seen.has(sheet) || row.hasAttribute("data-new"))
}

function showPrinter({ state, reason, faults, paper_left_m: metres, lasts_until: until }) {
  const chip = document.querySelector("[data-printer-state]")
  chip.dataset.state = LOOKS[state]
  const words = state === "trouble" ? word(`trouble-${reason}`) || word("trouble-other") : word(state)
  if (chip.textContent !== words) chip.textContent = words
  for (const box of switches) box.checked = faults.includes(box.dataset.fault)
  const time = until && formatInstant(Date.parse(until), CLOCK)
  const sentences = [phrase("left", { metres: metresInWords.format(metres) }), time ? phrase("until", { time }) : ""]
  fill(document, { paper: sentences.join(" ").trim() })
}

function show(picture) {
  showRows(roll, picture.sheets, (sheet) => sheet, paint)
  document.querySelector("[data-empty]").hidden = picture.sheets.length > 0
  seen = new Set(picture.sheets)
  showPrinter(picture)
}

async function send(what, body) {
  const answer = await post(`${printer}/${what}`, body)
  message.hidden = answer.status === 200
  if (answer.status !== 200) message.textContent = answer.body.message
}

for (const box of switches) {
  box.addEventListener("change", () =>
    send("faults", { faults: switches.filter((one) => one.checked).map((one) => one.dataset.fault) }))
}
document.querySelector("[data-new-roll]").addEventListener("click", () => send("roll"))
watch(document.body.dataset.audience, { show, stale: () => { lost.hidden = false }, fresh: () => { lost.hidden = true } })
