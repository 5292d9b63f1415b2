// Shows this screen's pairing code until somebody enters it, through restarts and network cuts.
import { serverNow } from "./clock.js"
import { phrase, word } from "./fill.js"
import { post } from "./post.js"
import { newRequestId } from "./request_id.js"

const LOOK_MS = 2000
const LONGEST_PAUSE_MS = 30_000
const NO_CODE = "····-····"
const PLACE = `pairing:${location.pathname}`
const page = document.querySelector("[data-pair]")
const part = (name) => page.querySelector(`[data-${name}]`)
// The secret stays in this window: whoever reads the code from the wall cannot get the token.
let shown = recall()
let pause = LOOK_MS

function recall() {
  try {
    return JSON.parse(sessionStorage.getItem(PLACE))
  } catch {
    return null
  }
}

function remember(next) {
  shown = next
  if (next) sessionStorage.setItem(PLACE, JSON.stringify(next))
  else sessionStorage.removeItem(PLACE)
}

async function ask() {
  const secret = newRequestId()
  const { kind, station } = page.dataset
  const { status, body } = await post("/api/v1/pairing", { secret, kind, ...(station && { station }) })
  if (status !== 201) return fail(status, body)
  remember({ secret, code: body.code, until: Date.parse(body.expires_at) })
  say("waiting")
}

async function collect() {
  const { status, body } = await post("/api/v1/pairing/collect", { secret: shown.secret })
  if (status === 410) remember(null)
  else if (status !== 200) fail(status, body)
  else if (body.state === "paired") open(body.go)
  else say("waiting")
}

function open(address) {
  remember(null)
  say("paired")
  if (address === location.pathname) location.reload()
  else location.replace(address + location.search)
}

function fail(status, body) {
  if (status === 0 || status >= 500) return say("lost")
  remember(null) // what was approved is void, e.g. the display has left the configuration
  say("refused", body.message)
  pause = Math.max(pause, 1000 * (body.details?.retry_after ?? 0))
}

function say(state, sentence = word(state)) {
  page.dataset.state = state
  if (part("message").textContent !== sentence) part("message").textContent = sentence
  pause = state === "waiting" ? LOOK_MS : Math.min(pause * 2, LONGEST_PAUSE_MS)
  paint()
}

function paint() {
  const seconds = shown ? Math.max(0, Math.round((shown.until - serverNow()) / 1000)) : 0
  showCode(seconds ? shown.code : NO_CODE)
  part("left").hidden = !seconds
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`
  part("left").textContent = phrase("left", { time })
}

// On a tall screen the code stands in two lines, and it may break after its dash only.
function showCode(code) {
  if (part("code").textContent === code) return
  const [first, second] = code.split("-")
  part("code").replaceChildren(`${first}-`, document.createElement("wbr"), second)
}

async function live() {
  for (;;) {
    const had = shown !== null
    await (had ? collect() : ask())
    if (page.dataset.state === "paired") return
    if (!had || shown) await new Promise((done) => setTimeout(done, pause)) // else a new code at once
  }
}

part("where").textContent = `${page.dataset.server || location.origin}/devices`
setInterval(paint, 1000)
live()
