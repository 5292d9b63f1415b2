// Shows the sheets of the printer without paper as they come out.
import { watch } from "/static/js/live.js"
import { showRows } from "/static/js/rows.js"

const roll = document.querySelector("[data-sheets]")
const lost = document.querySelector("[data-lost]")
let seen = null // the first picture shows old sheets, which lie there already

function paint(row, sheet) {
  const picture = row.querySelector("img")
  const address = `${roll.dataset.folder}${encodeURIComponent(sheet)}`
  if (picture.getAttribute("src") !== address) picture.src = address
  row.toggleAttribute("data-new", seen !== null && !seen.has(sheet) || row.hasAttribute("data-new"))
}

function show({ sheets }) {
  showRows(roll, sheets, (sheet) => sheet, paint)
  document.querySelector("[data-empty]").hidden = sheets.length > 0
  seen = new Set(sheets)
}

watch(document.body.dataset.audience, { show, stale: () => { lost.hidden = false }, fresh: () => { lost.hidden = true } })
