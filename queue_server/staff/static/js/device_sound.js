// The sound test: the wall plays, and somebody in the room says whether it was heard (S-10).
import { word } from "/static/js/fill.js"
import { post } from "/static/js/post.js"
import { say } from "./message.js"

// `look` is called after an answer.
export function startSoundTests(look) {
  document.querySelector("main").addEventListener("click", ({ target }) => {
    const button = target.closest("[data-test-sound], [data-heard]")
    if (button) press(button, button.closest("[data-display]"), look)
  })
}

async function press(button, card, look) {
  const spot = card.querySelector("[data-message]")
  const address = `/api/v1/displays/${encodeURIComponent(card.dataset.display)}/sound-test`
  const { heard } = button.dataset
  const isAnswer = heard !== undefined
  const { status, body } = await (isAnswer ? post(`${address}/result`, { heard: heard === "yes" }) : post(address))
  if (status !== 200) return say(body.message, "trouble", spot)
  card.querySelector("[data-heard-question]").hidden = isAnswer
  say(word(isAnswer ? "test-thanks" : "test-begun"), "info", spot)
  if (isAnswer) look()
}
