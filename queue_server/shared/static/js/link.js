// Uses the code or token in the address up and goes where it leads.
import { post } from "./post.js"

const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 30_000
const part = (name) => document.querySelector(`[data-${name}]`)

function fail(sentence) {
  part("busy").hidden = true
  part("failure").textContent = sentence
  part("failure").hidden = false
}

// A machine that starts together with the server, or before it, waits until it answers.
async function redeem(code, pause = FIRST_PAUSE_MS) {
  const { status, body } = await post("/api/v1/links/redeem", { code })
  if (status === 200) return location.replace(body.go)
  fail(body.message)
  if (status !== 0 && status !== 429 && status < 500) return
  const wait = Math.max(pause, 1000 * (body.details?.retry_after ?? 0))
  setTimeout(() => redeem(code, Math.min(pause * 2, LONGEST_PAUSE_MS)), wait)
}

const code = location.hash.slice(1).trim()
// Out of the history at once: a token would stay good there for years.
history.replaceState(null, "", location.pathname + location.search)
addEventListener("hashchange", () => location.reload()) // another link in the same window
if (code) redeem(code)
else fail(part("no-code").textContent)
