// A two-tone gong made on the spot, and whether this browser lets us be heard at all.
const LENGTH_S = 1.8
const PATIENCE_MS = 1000
const CHECK_MS = 30_000
// A tap anywhere unlocks: browsers count the pressing of a mouse but the letting go of a finger.
const MOMENTS = ["visibilitychange", "pointerdown", "pointerup", "keydown"]
// Frequency, start, loudness of each tone; every tone has a soft upper partial like struck metal.
const TONES = [[659.26, 0, 0.32], [523.25, 0.55, 0.36]]

export class Gong {
  #context = new AudioContext()
  #queue = Promise.resolve()
  #tell
  #tones

  // `tell` hears "running" or "blocked" whenever that may have changed.
  constructor(tell, tones = TONES) {
    this.#tell = tell
    this.#tones = tones
    this.#context.addEventListener("statechange", () => this.#report())
    for (const moment of MOMENTS) document.addEventListener(moment, () => this.check())
    setInterval(() => this.check(), CHECK_MS)
    this.check()
  }

  get #running() {
    return this.#context.state === "running"
  }

  // resume() never settles while the browser blocks sound, so it runs against a timer.
  async check() {
    if (!this.#running) await Promise.race([this.#context.resume().catch(() => {}), pause(PATIENCE_MS)])
    this.#report()
  }

  #report() {
    this.#tell(this.#running ? "running" : "blocked")
  }

  // One after the other; resolves with whether it was heard.
  ring() {
    this.#queue = this.#queue.then(() => this.#ringNow())
    return this.#queue
  }

  async #ringNow() {
    if (!this.#running) return false // a gong that comes late would call nobody
    strikeGong(this.#context, this.#context.destination, this.#context.currentTime, this.#tones)
    await pause(LENGTH_S * 1000)
    return true
  }
}

// Lets a gong sound into `destination` at `start` (seconds of the context); returns when it has faded.
export function strikeGong(context, destination, start, tones = TONES) {
  for (const [frequency, delay, loudness] of tones) {
    partial(context, destination, frequency, start + delay, loudness, LENGTH_S - delay)
    partial(context, destination, frequency * 2.01, start + delay, loudness * 0.25, 0.6)
  }
  return start + LENGTH_S
}

function partial(context, destination, frequency, start, loudness, seconds) {
  const tone = new OscillatorNode(context, { frequency })
  const swell = new GainNode(context, { gain: 0 })
  swell.gain.setValueAtTime(0, start)
  swell.gain.linearRampToValueAtTime(loudness, start + 0.015)
  swell.gain.exponentialRampToValueAtTime(0.001, start + seconds)
  tone.connect(swell).connect(destination)
  tone.start(start)
  tone.stop(start + seconds)
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds))
