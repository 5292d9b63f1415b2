// Sends one request to the server and always comes back with {status, body}.
import { windowId } from "./window_id.js"

const PATIENCE_MS = 10_000

export async function post(path, body = {}) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: headers(),
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    return { status: answer.status, body: await read(answer) }
  } catch {
    return { status: 0, body: noConnection() }
  }
}

function headers() {
  const language = document.documentElement.lang // the answer's sentence is shown on this page
  const all = { "Content-Type": "application/json", Accept: "application/json", "Accept-Language": language }
  const csrf = document.querySelector('meta[name="csrf-token"]')
  if (document.body.dataset.page) all["X-Page"] = document.body.dataset.page
  if (windowId) all["X-Window"] = windowId
  if (csrf) all["X-CSRF-Token"] = csrf.content
  return all
}

async function read(answer) {
  if (answer.status === 204) return null
  const text = await answer.text()
  try {
    return JSON.parse(text)
  } catch {
    return noConnection() // a proxy's page, not an answer of ours
  }
}

function noConnection() {
  return { error: "no_connection", message: document.body.dataset.noConnection, details: {} }
}
