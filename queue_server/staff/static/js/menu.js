// In a narrow window the less used buttons wait behind one. Wide windows show them all; CSS decides.
const button = document.querySelector("[data-menu-button]")
const menu = document.querySelector("[data-menu]")

function setOpen(isOpen) {
  button.setAttribute("aria-expanded", isOpen)
  menu.toggleAttribute("data-open", isOpen)
}

export function startMenu() {
  button.addEventListener("click", () => setOpen(button.getAttribute("aria-expanded") !== "true"))
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.closest("[data-menu], [data-menu-button]")) setOpen(false)
  })
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.hasAttribute("data-open")) return
    setOpen(false)
    button.focus()
  })
}
