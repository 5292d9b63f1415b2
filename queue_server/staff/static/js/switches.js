// A switch that this browser remembers, also for its other windows.
export function rememberedSwitch(name, apply) {
  const button = document.querySelector(`[data-switch="${name}"]`)
  const place = `counter-${name}`

  function set(isOn) {
    button.setAttribute("aria-checked", isOn)
    apply(isOn)
  }

  button.addEventListener("click", () => {
    const isOn = button.getAttribute("aria-checked") !== "true"
    localStorage.setItem(place, isOn ? "on" : "off")
    set(isOn)
  })
  addEventListener("storage", (event) => event.key === place && set(event.newValue !== "off"))
  set(localStorage.getItem(place) !== "off")
}
