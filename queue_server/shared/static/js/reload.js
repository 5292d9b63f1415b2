// Reloads by script (which keeps the sound unlocked), at most once a minute.
const MINUTE_MS = 60_000

export function reloadGently() {
  const last = Number(sessionStorage.getItem("reloaded") ?? 0)
  if (Math.abs(Date.now() - last) < MINUTE_MS) return
  sessionStorage.setItem("reloaded", Date.now())
  location.reload()
}
