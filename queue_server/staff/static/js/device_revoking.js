// Takes a device's pairing away, after a question.
import { fill, phrase, word } from "/static/js/fill.js"
import { post } from "/static/js/post.js"
import { Dialog } from "./dialog.js"
import { say } from "./message.js"

export function startRevoking(look) {
  const dialog = new Dialog("revoke")
  let wanted = null

  function ask(button) {
    const row = button.closest("[data-key]")
    const { name, role } = row.dataset
    wanted = { id: row.dataset.key, name, spot: button.closest("[data-test-id=place]").querySelector("[data-message]") }
    fill(dialog.box, { revoke: name, consequence: word(`end-${role}`) || word("end-page") })
    dialog.open()
  }

  async function revoke() {
    const { status, body } = await post(`/api/v1/devices/${wanted.id}/revoke`)
    if (status !== 200) return say(body.message, "trouble")
    dialog.close()
    say(phrase("revoked", { device: wanted.name }), "info", wanted.spot)
    look()
  }

  document.querySelector("main").addEventListener("click", ({ target }) => {
    const button = target.closest("[data-revoke]")
    if (button) ask(button)
  })
  dialog.box.querySelector("[data-revoke-now]").addEventListener("click", revoke)
}
