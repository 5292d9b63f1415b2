// Asks the server for something and always comes back with {status, body}; no answer is status 0.
const PATIENCE_MS = 10_000

export async function get(path) {
  try {
    const headers = { Accept: "application/json", "Accept-Language": document.documentElement.lang }
    const answer = await fetch(path, { headers, signal: AbortSignal.timeout(PATIENCE_MS) })
    return { status: answer.status, body: await answer.json() }
  } catch {
    return { status: 0, body: null }
  }
}
