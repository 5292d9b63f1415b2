// Whether this browser lets us be heard (standards P-2, P-3, P-5). The page can never know that a
// loudspeaker is really connected: a person's sound test does (S-10).
const PATIENCE_MS = 1000
const CHECK_MS = 30_000
const SILENT_S = 0.05
// A tap anywhere unlocks: browsers count the pressing of a mouse but the letting go of a finger.
const MOMENTS = ["visibilitychange", "pointerdown", "pointerup", "keydown"]

export class AudioOut {
  state = null // "running", "no-device" or "blocked", as soon as it is known
  context = null // another one after trouble: ask for it anew each time
  #tell

  // `tell` hears each change of the state.
  constructor(tell) {
    this.#tell = tell
    this.#adopt(new AudioContext())
    for (const moment of MOMENTS) document.addEventListener(moment, () => this.check())
    navigator.mediaDevices?.addEventListener("devicechange", () => this.check())
    setInterval(() => this.check(), CHECK_MS)
    this.check()
  }

  async check() {
    const state = await this.#look()
    if (state === this.state) return
    this.state = state
    this.#tell(state)
  }

  async #look() {
    if (!(await this.#wakes()) || !(await this.#moves())) return "blocked"
    return (await hasDevice()) ? "running" : "no-device"
  }

  #adopt(context) {
    this.context = context
    context.addEventListener("statechange", () => this.check())
  }

  // A policy may reach the page a moment late: then a new context plays while the old one never will.
  async #wakes() {
    if (await plays(this.context)) return true
    const another = new AudioContext()
    if (!(await plays(another))) {
      another.close()
      return this.context.state === "running"
    }
    this.context.close()
    this.#adopt(another)
    return true
  }

  // A short silence through the real path: a context may say "running" and stand still.
  #moves() {
    const { context } = this
    const buffer = new AudioBuffer({ length: SILENT_S * context.sampleRate, sampleRate: context.sampleRate })
    const silence = new AudioBufferSourceNode(context, { buffer })
    const ended = new Promise((done) => { silence.onended = () => done(true) })
    silence.connect(context.destination)
    silence.start()
    return atMost(PATIENCE_MS, ended)
  }
}

// resume() never settles while the browser blocks sound, so it runs against a timer.
async function plays(context) {
  if (context.state !== "running") await atMost(PATIENCE_MS, context.resume().catch(() => {}))
  return context.state === "running"
}

// Known in secure contexts only; elsewhere nothing speaks against a loudspeaker.
async function hasDevice() {
  if (!navigator.mediaDevices?.enumerateDevices) return true
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => null)
  return devices === null || devices.some(({ kind }) => kind === "audiooutput")
}

const atMost = (milliseconds, promise) =>
  Promise.race([promise, new Promise((done) => setTimeout(done, milliseconds, false))])
