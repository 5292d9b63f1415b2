// Reloads by script (which keeps the sound unlocked), at most once a minute, and only while the server
// answers: a page of ours that says "no connection" is worth more than the browser's error page.
const MINUTE_MS = 60_000

export async function reloadGently() {
  const last = Number(sessionStorage.getItem("reloaded") ?? 0)
  if (Math.abs(Date.now() - last) < MINUTE_MS) return
  const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" }).catch(() => null)
  if (answer === null || answer.status >= 500) return
  sessionStorage.setItem("reloaded", Date.now())
  location.reload()
}
