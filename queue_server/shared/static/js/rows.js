// Keeps a list on the page in step with data. Rows with the same key stay, so nothing jumps or blinks.
export function showRows(list, items, keyOf, paint) {
  const template = list.querySelector(":scope > template")
  const old = new Map([...list.children].filter(isRow).map((row) => [row.dataset.key, row]))
  let before = template
  for (const item of items) {
    const key = String(keyOf(item))
    const row = old.get(key) ?? makeRow(template, key)
    old.delete(key)
    paint(row, item)
    if (before.nextElementSibling !== row) before.after(row)
    before = row
  }
  for (const row of old.values()) row.remove()
}

function isRow(child) {
  return child.dataset.key !== undefined
}

function makeRow(template, key) {
  const row = template.content.firstElementChild.cloneNode(true)
  row.dataset.key = key
  return row
}
