// A card for each display, kiosk and printer, with what is paired with it.
import { serverNow } from "/static/js/clock.js"
import { fill, phrase, word } from "/static/js/fill.js"
import { showRows } from "/static/js/rows.js"
import { dayOf, momentOf, nameOf, titleOf } from "./device_names.js"

const mayPair = "mayPair" in document.querySelector("[data-devices-page]").dataset
const SOUND_LOOKS = { running: "open", off: "closed", unknown: "closed" } // the chip's colours; else trouble
const AGENT_SILENT_MS = 30_000
const KINDS = ["display", "kiosk", "printer"]

export function showPlaces({ devices, walls, places }) {
  const all = [...places, ...orphans(devices, places)]
  for (const section of document.querySelectorAll("section[data-kind]")) {
    const { kind } = section.dataset
    const here = all.filter((place) => (KINDS.includes(place.role) ? place.role : "other") === kind)
    section.hidden = here.length === 0
    showRows(section.querySelector("[data-places]"), here, keyOf, (card, place) =>
      paint(card, place, devices.filter((device) => keyOf(device) === keyOf(place)), wallOf(walls, place)))
  }
}

const keyOf = ({ role, station }) => `${role}:${station ?? ""}`
const wallOf = (walls, { role, station }) => role === "display" && walls.find((wall) => wall.display === station)

// What is paired with something that the configuration does not (or no longer) have as a place.
function orphans(devices, places) {
  const known = new Set(places.map(keyOf))
  const left = devices.filter((device) => !known.has(keyOf(device)))
  const gone = ({ role, station }) => ({ role, station, name: KINDS.includes(role) ? word("gone") : "" })
  return [...new Map(left.map((device) => [keyOf(device), gone(device)])).values()]
}

function paint(card, place, devices, wall) {
  const count = wall?.connected ?? devices.filter((device) => device.connected).length
  const isHere = count > 0 || devices.some(isAgentHere)
  const name = [place.station, place.name].filter(Boolean).join(" – ") || nameOf(place.role, null)
  fill(card, { place: KINDS.includes(place.role) ? name : nameOf(place.role, place.station) })
  fill(card, { here: word(isHere ? "here-yes" : "here-no") })
  card.querySelector("[data-here]").dataset.state = isHere ? "open" : "closed"
  card.querySelector("[data-nothing]").hidden = devices.length > 0
  showRows(card.querySelector("[data-paired]"), devices, (device) => device.id, paintDevice)
  if (place.role === "display") paintWall(card, wall || { sound: "unknown" }, isHere)
}

const isAgentHere = ({ role, last_seen_at: seen }) =>
  role === "printer" && seen && serverNow() - Date.parse(seen) < AGENT_SILENT_MS

function paintDevice(row, device) {
  const seen = device.last_seen_at
  row.dataset.name = nameOf(device.role, device.station)
  fill(row, {
    device: device.revocable ? titleOf(device) : word("own-agent"),
    since: phrase("since", { time: dayOf(device.paired_at) }),
    seen: device.connected ? word("seen-now") : seen ? phrase("seen", { time: momentOf(seen) }) : word("seen-never"),
  })
  row.querySelector("[data-revoke]").hidden = !mayPair || !device.revocable
}

function paintWall(card, wall, isHere) {
  const sound = isHere ? wall.sound : "unknown"
  card.dataset.display = card.dataset.key.slice("display:".length)
  card.querySelector("[data-sound]").dataset.state = SOUND_LOOKS[sound] ?? "trouble"
  fill(card, { sound: word(`sound-${sound}`) || word("sound-unknown") })
  card.querySelector("[data-test-sound]").disabled = !isHere
  const remarks = isHere ? remarksOn(wall) : []
  showRows(card.querySelector("[data-remarks]"), remarks, (remark) => remark, (row, remark) => { row.textContent = remark })
}

function remarksOn(wall) {
  const { connected, leader, area, fits, clock_off: off, test } = wall
  return [
    connected > 1 && phrase("screens", { count: connected }),
    leader && phrase("leader", { area }),
    fits === false && word("fits-not"),
    Math.abs(off ?? 0) >= 2 && phrase("clock-off", { seconds: Math.round(Math.abs(off)) }),
    test && testInWords(test),
  ].filter(Boolean)
}

function testInWords({ at, state }) {
  const words = word(`test-${state}`) || word("test-played")
  return at ? `${momentOf(at)}: ${words}` : words
}
