// Puts values into a piece of the page: <b data-fill="number"> gets values.number.
export function fill(root, values) {
  for (const spot of root.querySelectorAll("[data-fill]")) {
    const value = values[spot.dataset.fill]
    // Unchanged text is left alone, so that screen readers do not say it again.
    if (value !== undefined && spot.textContent !== String(value)) spot.textContent = value
  }
  return root
}

// Words live in templates: <template data-word="paused">…</template>
export function word(name) {
  return document.querySelector(`template[data-word="${name}"]`)?.content.textContent.trim() ?? ""
}

// The same with {places} in the word filled in.
export function phrase(name, values) {
  return word(name).replace(/\{(\w+)\}/g, (place, key) => values[key] ?? place)
}
