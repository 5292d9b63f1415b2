// The only file that knows Socket.IO. The page gets whole pictures and hears when they grow old.
// `words` are further messages a page listens to; what comes back can `tell` the server something.
import { io } from "../vendor/socket.io.esm.min.js"
import { setServerTime } from "./clock.js"
import { reloadGently } from "./reload.js"
import { windowId } from "./window_id.js"

const SILENCE_MS = 5000
const PAUSE_MS = 1000
const nothing = () => {}

export function watch(audience, { show, announce = nothing, stale = nothing, fresh = nothing, refused = reloadGently, joined = nothing, cut = nothing, words = {} }) {
  const page = document.body.dataset
  const auth = { page: page.page, ...(windowId && { window: windowId }) }
  const socket = io({ auth, reconnectionDelay: 500, reconnectionDelayMax: 2000, timeout: 5000 })
  let revision = -1
  let heardAt = performance.now()

  function hear(message) {
    heardAt = performance.now()
    if (message?.as_of) setServerTime(message.as_of)
  }

  function take(picture) {
    hear(picture)
    if (picture.release !== page.release) reloadGently()
    if (picture.revision < revision) return
    revision = picture.revision
    show(picture)
    setState("connected")
  }

  async function ask() {
    try {
      const answer = await socket.timeout(SILENCE_MS).emitWithAck("watch", audience)
      if (answer.error) return refused(answer.error)
      take(answer)
      joined()
    } catch {
      // No answer: silence grows until the page is stale, and then we ask again.
    }
  }

  function setState(state) {
    if (page.live === state) return
    page.live = state
    state === "stale" ? stale() : fresh()
  }

  function checkSilence() {
    if (performance.now() - heardAt < SILENCE_MS) return
    if (page.live !== "stale") setState("stale")
    else if (socket.connected) ask()
  }

  socket.on("connect", () => { revision = -1; ask() }) // a restored server may be at an earlier revision
  socket.on("disconnect", (reason) => {
    cut()
    // Turned away: ask once more, and be told why. Every other loss is mended by the library.
    if (reason === "io server disconnect") setTimeout(() => socket.connect(), PAUSE_MS)
  })
  for (const [word, listen] of Object.entries(words)) socket.on(word, listen)
  socket.on("snapshot", take)
  socket.on("announce", (call) => { hear(); announce(call) })
  socket.on("heartbeat", (beat) => {
    hear(beat)
    if (page.live === "stale" || (beat.revision !== null && beat.revision > revision)) ask()
  })
  setInterval(checkSilence, 1000)
  document.addEventListener("visibilitychange", checkSilence)
  return { tell: (word, body) => { if (socket.connected) socket.emit(word, body) } }
}
