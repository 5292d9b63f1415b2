// One key for each button, as long as the clerk wants them (WCAG 2.1.4).
// Held keys, key combinations, typing in a field and open dialogs do nothing.
import { rememberedSwitch } from "./switches.js"

const buttons = [...document.querySelectorAll("[data-key]")]

function press(event) {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return
  if (event.target.closest("input, textarea, select, [contenteditable]")) return
  if (document.querySelector("dialog[open]")) return
  const button = buttons.find((one) => one.dataset.key === event.key.toLowerCase())
  if (!button) return
  event.preventDefault()
  button.click() // a disabled button ignores it
}

function setKeys(isOn) {
  document.body.toggleAttribute("data-no-keys", !isOn)
  for (const button of buttons) {
    if (isOn) button.setAttribute("aria-keyshortcuts", button.dataset.key.toUpperCase())
    else button.removeAttribute("aria-keyshortcuts")
  }
  if (isOn) document.addEventListener("keydown", press)
  else document.removeEventListener("keydown", press)
}

export function startKeys() {
  rememberedSwitch("keys", setKeys)
}
