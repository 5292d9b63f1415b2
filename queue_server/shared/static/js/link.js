// Uses the one-time code in the address up and goes where it leads.
import { post } from "./post.js"

const part = (name) => document.querySelector(`[data-${name}]`)

function fail(sentence) {
  part("busy").hidden = true
  part("failure").textContent = sentence
  part("failure").hidden = false
}

async function redeem(code) {
  const { status, body } = await post("/api/v1/links/redeem", { code })
  // The code is used up, so it must not stay in the browser's history.
  if (status === 200) location.replace(body.go)
  else fail(body.message)
}

const code = location.hash.slice(1).trim()
if (code) redeem(code)
else fail(part("no-code").textContent)
