// One key for each button. Held keys, key combinations and typing in a field do nothing.
export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return
    if (event.target.closest("input, textarea, select, [contenteditable]")) return
    const button = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`)
    if (!button) return
    event.preventDefault()
    button.click() // a disabled button ignores it
  })
}
