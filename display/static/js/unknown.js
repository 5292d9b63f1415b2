// Looks now and then whether this display is known by now. Asks first: a page loaded anew while the
// server is away would leave the browser's own error on the wall.
const AGAIN_MS = 30_000

setInterval(async () => {
  try {
    const answer = await fetch(location.href, { method: "HEAD", headers: { Accept: "text/html" }, cache: "no-store" })
    if (answer.status !== 404 && answer.status < 500) location.reload()
  } catch {
    // The server is away; it comes back.
  }
}, AGAIN_MS)
