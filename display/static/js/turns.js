// The panel beside the calls: one part at a time, by the clock, so that all walls of a house show the same.
import { serverNow } from "/static/js/clock.js"
import { showRows } from "/static/js/rows.js"
import { thinOut } from "./plan.js"
import { historySize, shortSide } from "./sizes.js"

const panel = document.querySelector("[data-turns]")
const SMALLEST = 0.022 // of the short side
let hasRoom = true

export function showMessages(messages) {
  const list = panel?.querySelector("[data-messages]")
  if (list) showRows(list, messages, (message) => JSON.stringify(message), paintMessage)
}

function paintMessage(section, { texts, dir }) {
  if (section.childElementCount) return // its key is its content
  for (const [language, text] of Object.entries(texts)) {
    const line = document.createElement("p")
    Object.assign(line, { lang: language, dir: dir[language], textContent: text })
    section.append(line)
  }
}

export function makeRoom(isThere) {
  hasRoom = isThere
  if (panel) panel.hidden = !hasRoom || panel.querySelector("[data-turn]") === null
}

// The plan comes to the front while somebody has to find the way.
export function takeTurns(hasFreshCall) {
  if (!panel) return
  const turns = [...panel.querySelectorAll("[data-turn]")]
  panel.hidden = turns.length === 0 || !hasRoom
  const plan = hasFreshCall && turns.find((turn) => turn.dataset.turn === "plan")
  show(turns, plan || turns[turnNow() % turns.length])
}

const turnNow = () => Math.floor(serverNow() / 1000 / panel.dataset.turns)

function show(turns, chosen) {
  if (!chosen || !chosen.hidden) return
  for (const turn of turns) turn.hidden = turn !== chosen
  fitTurn()
}

// As large as the distance asks for. What has no room at that size shows one of its languages each time it comes.
export function fitTurn() {
  const turn = panel?.querySelector("[data-turn]:not([hidden])")
  if (!turn) return
  const lines = [...turn.querySelectorAll(":scope > p")]
  for (const line of lines) line.hidden = false
  if (lines.length > 1 && !fits(turn, historySize())) {
    const round = Math.floor(turnNow() / panel.querySelectorAll("[data-turn]").length)
    lines.forEach((line, index) => { line.hidden = index !== round % lines.length })
  }
  enlarge(turn)
  thinOut(turn.querySelector("[data-plan]"))
}

function enlarge(turn) {
  const smallest = shortSide() * SMALLEST
  for (let size = Math.max(historySize(), smallest); size >= smallest; size *= 0.94) if (fits(turn, size)) return
}

function fits(turn, size) {
  panel.style.setProperty("--turn", `${size.toFixed(1)}px`)
  return turn.scrollHeight <= turn.clientHeight && turn.scrollWidth <= turn.clientWidth
}
