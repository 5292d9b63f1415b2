// Says what the server tells this wall to say: gong, number, counter, without gaps. One at a time;
// the queue and the choice of the wall that speaks are the server's (S-3 … S-6).
import { serverNow } from "/static/js/clock.js"
import { strikeGong } from "/static/js/gong.js"
import { AudioOut } from "./audio.js"
import { Clips } from "./clips.js"

// Older than this it is another wall's turn: the server waits 2 s for an answer and then hands over.
const LATE_MS = 1500
const LEAD_S = 0.03 // clips are scheduled so far ahead, or their beginning is cut off
const FADE_S = 0.08

export class Voice {
  #audio
  #clips
  #tell
  #current = null
  #hushed = null // the newest utterance that must not be heard any more

  // `tell` brings { id, state } to the server, `changed` hears of each change of the sound's state.
  constructor(tell, changed) {
    this.#tell = tell
    this.#audio = new AudioOut(changed)
    this.#clips = new Clips(this.#audio)
  }

  get state() {
    return this.#audio.state
  }

  async speak(message) {
    const refusal = this.#refusal(message)
    if (refusal) return this.#tell({ id: message.id, state: refusal })
    const { context } = this.#audio
    const due = performance.now() + LATE_MS - ageOf(message)
    const utterance = { id: message.id, due, context, out: new GainNode(context, { gain: message.volume ** 2 }), sources: [] }
    utterance.out.connect(context.destination)
    this.#current = utterance
    const end = await this.#say(utterance, message.sounds.map(({ url, after }) => ({ clip: this.#clips.get(url), after })))
    if (this.#current === utterance) setTimeout(() => this.#finish(utterance), (end - context.currentTime) * 1000)
  }

  #refusal(message) {
    if (this.#hushed === message.id) return "finished" // its client has come already
    if (this.#current || ageOf(message) > LATE_MS) return "late"
    return ["running", "no-device"].includes(this.#audio.state) ? null : "failed"
  }

  // The client has come: fade out what is being said.
  hush({ id }) {
    this.#hushed = id
    if (this.#current?.id !== id) return
    const { context, out, sources } = this.#current
    out.gain.setTargetAtTime(0, context.currentTime, FADE_S / 3)
    for (const source of sources) source.stop(context.currentTime + FADE_S)
    this.#finish(this.#current)
  }

  // Without the server nobody knows whose turn it is.
  stop() {
    if (this.#current) this.hush(this.#current)
    this.#hushed = null
  }

  // The first sound as soon as it is there; the words wait for each other, so that no gap tears them.
  async #say(utterance, [first, ...others]) {
    const { context } = utterance
    const clip = (await first?.clip) ?? null
    if (performance.now() > utterance.due) return this.#giveUp(utterance)
    note(context, context.currentTime + LEAD_S)
    let at = this.#start(utterance, clip, context.currentTime + LEAD_S)
    if (this.#current === utterance) this.#tell({ id: utterance.id, state: "started" })
    const clips = await Promise.all(others.map(({ clip }) => clip))
    utterance.complete = clip !== null && !clips.includes(null)
    if (clips.includes(null) || this.#current !== utterance) return at // half a sentence misleads; the gong has rung
    at = Math.max(at, context.currentTime + LEAD_S)
    others.forEach(({ after }, place) => { at = this.#start(utterance, clips[place], at + after) })
    return at
  }

  // The clip came too late: by now another wall may have the word.
  #giveUp(utterance) {
    if (this.#current !== utterance) return 0
    this.#current = null
    utterance.out.disconnect()
    this.#tell({ id: utterance.id, state: "late" })
    return 0
  }

  // Lets a clip sound at `at` (or our own gong, when there is none); returns when it ends.
  #start(utterance, clip, at) {
    const { context } = utterance
    if (this.#current !== utterance) return at
    if (!clip) return strikeGong(context, utterance.out, at)
    const source = new AudioBufferSourceNode(context, { buffer: clip })
    source.connect(utterance.out)
    source.start(at)
    utterance.sources.push(source)
    return at + clip.duration
  }

  #finish(utterance) {
    if (this.#current !== utterance) return
    this.#current = null
    setTimeout(() => utterance.out.disconnect(), FADE_S * 2000)
    document.body.dataset.spoken = Number(document.body.dataset.spoken ?? 0) + 1
    this.#tell({ id: utterance.id, state: "finished", complete: utterance.complete !== false })
  }
}

const ageOf = ({ at }) => serverNow() - Date.parse(at)

// When the loudspeaker begins, for measuring: milliseconds since 1970.
function note(context, at) {
  const ahead = at - context.currentTime + context.baseLatency + (context.outputLatency || 0)
  document.body.dataset.soundAt = performance.timeOrigin + performance.now() + ahead * 1000
}
