// What every screen does: watch, ring, sleep, and say when it cannot be trusted. No timer or listener per call.
import { formatInstant, startClock } from "/static/js/clock.js"
import { fill, phrase } from "/static/js/fill.js"
import { watch } from "/static/js/live.js"
import { markAnnounced } from "./fresh.js"
import { moveClock, showNight } from "./night.js"
import { Speaker } from "./speaker.js"
import { Trust } from "./trust.js"
import { reloadAtNight, shiftPicture } from "./upkeep.js"

const OPENING = { weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit", hourCycle: "h23" }
const trust = new Trust()
const speaker = new Speaker()
let isCalling = false

export const part = (name) => document.querySelector(`[data-${name}]`)

// `show` gets each picture, `refresh` is called each second, `resize` when the place for calls has another size:
// the screen was turned, or a note appeared below.
export function startScreen({ show, refresh, resize }) {
  const take = (picture) => { takePicture(picture); show(picture) }
  const announce = (call) => { markAnnounced(call.ticket_id); refresh() }
  document.addEventListener("contextmenu", (event) => event.preventDefault())
  new ResizeObserver(() => resize()).observe(part("place"))
  startClock()
  setInterval(() => { tick(); refresh() }, 1000)
  speaker.connect(watch(document.body.dataset.audience, {
    show: take,
    announce,
    stale: () => trust.lose(),
    fresh: () => trust.renew(),
    joined: () => speaker.report(),
    cut: () => speaker.stop(),
    words: speaker.words,
  }))
}

function takePicture(picture) {
  trust.renew()
  isCalling = picture.calls.length > 0
  const isAsleep = picture.closed && picture.waiting === 0 && !isCalling
  part("muted").hidden = picture.sound !== "muted" || isAsleep
  document.body.toggleAttribute("data-quiet", picture.sound === "muted" || isAsleep)
  showNight(picture.night === true)
  tick()
}

function tick() {
  moveClock()
  shiftPicture()
  reloadAtNight(isCalling)
}

// "Closed" with the next opening, where nothing else is to be said.
export function showClosed(picture, isShown) {
  part("closed").hidden = !isShown
  const when = picture.next_opening && formatInstant(Date.parse(picture.next_opening), OPENING)
  fill(part("closed"), { next_opening: when ? phrase("open_again", { when: kept(when) }) : "" })
}

// "25." stays on the line of its month; "08:00" is "8:00" on signs.
const kept = (when) => when.replace(/(\d+\.?) (?=\p{L})/u, "$1\u00a0").replace(/ 0(?=\d:)/, " ")
