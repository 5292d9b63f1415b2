// A card for each display, kiosk and printer, with what is paired with it.
import { serverNow } from "/static/js/clock.js"
import { fill, phrase, word } from "/static/js/fill.js"
import { showRows } from "/static/js/rows.js"
import { dayOf, momentOf, nameOf, titleOf } from "./device_names.js"

const mayPair = "mayPair" in document.querySelector("[data-devices-page]").dataset
const SOUND_LOOKS = { running: "open", off: "closed", unknown: "closed" } // the chip's colours; else trouble
const FAILED = ["not_heard", "failed"] // sound tests that somebody has to look after
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
  return [...new Map(left.map((device) => [keyOf(device), orphan(device)])).values()]
}

// A device without a station may show any; only one with a station can have lost it.
const orphan = ({ role, station }) => ({ role, station, isGone: station !== null && KINDS.includes(role) })

const titleOfPlace = ({ role, station, name }) =>
  station === null ? word(`anywhere-${role}`) : KINDS.includes(role) ? name || station : nameOf(role, station)

const smallPrint = ({ station, name, isGone }) => (isGone ? word("gone") : name ? station : "")

function paint(card, place, devices, wall) {
  const count = wall?.connected ?? devices.filter((device) => device.connected).length
  const isHere = count > 0 || devices.some(isAgentHere)
  fill(card, { place: titleOfPlace(place), key: smallPrint(place), here: word(isHere ? "here-yes" : "here-no") })
  card.querySelector("[data-here]").dataset.state = isHere ? "open" : "closed"
  card.querySelector("[data-nothing]").hidden = devices.length > 0
  showRows(card.querySelector("[data-paired]"), devices, (device) => device.id, (row, device) => paintDevice(row, device, place))
  if (place.role === "display") paintWall(card, wall || { sound: "unknown" }, isHere)
}

const nameInFull = (place) =>
  place.station === null ? titleOfPlace(place) : nameOf(place.role, place.name || place.station)

const isAgentHere = ({ role, last_seen_at: seen }) =>
  role === "printer" && seen && serverNow() - Date.parse(seen) < AGENT_SILENT_MS

function paintDevice(row, device, place) {
  const seen = device.last_seen_at
  const title = device.revocable ? titleOf(device) : word("own-agent")
  row.dataset.name = `${title} · ${nameInFull(place)}`
  row.dataset.role = device.role
  fill(row, {
    device: title,
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
  card.querySelector("[data-test-sound]").hidden = sound === "off" // there is nothing to hear
  const remarks = isHere ? remarksOn(wall) : []
  showRows(card.querySelector("[data-remarks]"), remarks, ({ text }) => text, paintRemark)
}

function paintRemark(row, { text, isAlarm }) {
  row.dataset.state = isAlarm ? "trouble" : ""
  row.querySelector("[data-alarm]").hidden = !isAlarm
  fill(row, { remark: text })
}

function remarksOn(wall) {
  const { connected, leader, area, fits, clock_off: off, test } = wall
  const alarm = FAILED.includes(test?.state) && testInWords(test)
  return [
    connected > 1 && phrase("screens", { count: connected }),
    leader && phrase("leader", { area }),
    fits === false && word("fits-not"),
    Math.abs(off ?? 0) >= 2 && phrase("clock-off", { seconds: Math.round(Math.abs(off)) }),
    test && testInWords(test),
  ].filter(Boolean).map((text) => ({ text, isAlarm: text === alarm }))
}

function testInWords({ at, state }) {
  const words = word(`test-${state}`) || word("test-played")
  return at ? `${momentOf(at)}: ${words}` : words
}
