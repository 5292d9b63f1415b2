// Entering a code: first it is shown which screen asks, then a person says yes.
import { fill, phrase } from "/static/js/fill.js"
import { post } from "/static/js/post.js"
import { showRows } from "/static/js/rows.js"
import { knownAs, momentOf, nameOf } from "./device_names.js"
import { say } from "./message.js"

const part = (name) => document.querySelector(`[data-${name}]`)
const MOMENT_MS = 2500 // the screen asks every two seconds
const MOST_ASKING = 8

// `look` is called after a change. Without the form, for those who only look, there is nothing to start.
export function startPairing(look) {
  const codeForm = part("code-form")
  if (!codeForm) return null
  const field = codeForm.elements.code
  const approveForm = part("approve-form")
  const choice = part("stations")
  let places = []
  let asking = null

  const inWords = ({ kind, station, asked_at: at }) =>
    phrase("asks", { device: nameOf(kind, knownAs(places, kind, station)), time: momentOf(at) })

  function turnTo(form) {
    codeForm.hidden = form !== codeForm
    approveForm.hidden = form !== approveForm
  }

  function again() {
    asking = null
    codeForm.reset()
    turnTo(codeForm)
    field.focus()
  }

  function refuse(sentence) {
    say(sentence, "trouble")
    field.setAttribute("aria-invalid", "true")
    field.select() // the next try replaces it
  }

  async function lookUp(event) {
    event.preventDefault()
    const code = field.value
    const { status, body } = await post("/api/v1/pairing/look", { code })
    if (status !== 200) return refuse(body.message)
    say("")
    asking = { ...body, code }
    part("who").textContent = inWords(body)
    choice.replaceChildren(...places.filter(({ role }) => role === body.kind).map((place) => option(place, body)))
    turnTo(approveForm)
    part("who").focus()
  }

  async function approve(event) {
    event.preventDefault()
    const { code, kind } = asking
    const { status, body } = await post("/api/v1/pairing/approve", { code, kind, station: choice.value })
    if (status !== 200) say(body.message, "trouble")
    else say(phrase("approved", { device: nameOf(kind, knownAs(places, kind, body.station)) }))
    if (status !== 0) again()
    look() // it waits no longer
    setTimeout(look, MOMENT_MS)
  }

  codeForm.addEventListener("submit", lookUp)
  codeForm.addEventListener("input", () => field.removeAttribute("aria-invalid"))
  approveForm.addEventListener("submit", approve)
  part("cancel").addEventListener("click", () => { say(""); again() })
  return {
    show(picture) {
      places = picture.places
      part("waiting").hidden = picture.pairing.length === 0
      showRows(part("asking"), picture.pairing.slice(-MOST_ASKING), keyOf, (row, screen) => fill(row, { asking: inWords(screen) }))
    },
  }
}

const keyOf = ({ kind, station, asked_at: at }) => `${kind}:${station}:${at}`

function option({ station, name }, asking) {
  const words = name ? `${name} (${station})` : station
  return new Option(words, station, false, station === asking.station)
}
