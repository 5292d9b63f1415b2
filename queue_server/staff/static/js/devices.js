// The page "Devices": looks every few seconds, and says when it cannot.
import { startClock } from "/static/js/clock.js"
import { get } from "/static/js/get.js"
import { showPlaces } from "./device_places.js"
import { startPairing } from "./device_pairing.js"
import { startRevoking } from "./device_revoking.js"
import { startSoundTests } from "./device_sound.js"

const LOOK_MS = 5000
const lost = document.querySelector("[data-lost]")
const pairing = startPairing(look)
let timer

async function look() {
  clearTimeout(timer)
  const { status, body } = await get("/api/v1/devices")
  if (status === 401) location.reload() // logged out meanwhile
  lost.hidden = status === 200
  if (status === 200) show(body)
  timer = setTimeout(look, LOOK_MS)
}

function show(picture) {
  showPlaces(picture)
  pairing?.show(picture)
}

startClock()
startRevoking(look)
startSoundTests(look)
document.addEventListener("visibilitychange", () => document.hidden || look())
look()
