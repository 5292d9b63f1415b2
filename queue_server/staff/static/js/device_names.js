// How devices and instants are called on the page "Devices".
import { formatInstant, serverNow } from "/static/js/clock.js"
import { phrase, word } from "/static/js/fill.js"

const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }
const DAY = { day: "numeric", month: "short", year: "numeric" }

export const nameOf = (role, station) => (station ? phrase(role, { station }) : word(`any-${role}`))

// People know a place by its name; its key is for the configuration.
export const knownAs = (places, role, station) =>
  places.find((place) => place.role === role && place.station === station)?.name || station

// A device that nobody gave a name of its own is told from its neighbours by its number.
export const titleOf = ({ id, role, station, name }) =>
  [role, `${role} ${station}`].includes(name) ? phrase("numbered", { id }) : name

export const dayOf = (text) => formatInstant(Date.parse(text), DAY)

// The time alone while it is today.
export function momentOf(text) {
  const instant = Date.parse(text)
  const isToday = formatInstant(instant, DAY) === formatInstant(serverNow(), DAY)
  return formatInstant(instant, isToday ? TIME : { ...DAY, ...TIME })
}
