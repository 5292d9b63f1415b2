// Everything that a person would call broken on a wall: a text outside of the screen or of its card, two cards
// over each other, a box whose content does not fit.
() => {
  const trouble = []
  const shown = (selector) => [...document.querySelectorAll(selector)]
    .filter((e) => e.getClientRects().length && getComputedStyle(e).clipPath === "none")
  const name = (e) => `${e.className || e.tagName} "${e.textContent.trim().slice(0, 30)}"`
  const inside = (a, b, slack) => a.left >= b.left - slack && a.right <= b.right + slack
    && a.top >= b.top - slack && a.bottom <= b.bottom + slack
  const textBox = (e) => { const r = document.createRange(); r.selectNodeContents(e); return r.getBoundingClientRect() }
  const screen = { left: 0, top: 0, right: innerWidth, bottom: innerHeight }
  for (const e of shown(".screen__all p, .screen__all h1, .screen__all h2, .screen__all time, [data-fill], .turn *")) {
    if (!e.closest("[hidden]") && e.textContent.trim() && !inside(textBox(e), screen, 4)) trouble.push(`off the screen: ${name(e)}`)
  }
  const cards = shown(".call__row")
  for (const card of cards) {
    const box = card.getBoundingClientRect()
    for (const e of card.querySelectorAll("[data-fill], .way svg")) {
      const text = e.tagName === "svg" ? e.getBoundingClientRect() : textBox(e)
      // A line's box is higher than its letters; the letters are what must be inside.
      const air = parseFloat(getComputedStyle(e).fontSize) * 0.2
      if (text.width && !(text.left >= box.left - 1 && text.right <= box.right + 1
        && text.top >= box.top - air && text.bottom <= box.bottom + air)) trouble.push(`out of its card: ${name(e)}`)
    }
    if (card.scrollWidth > card.clientWidth + 1) trouble.push(`too wide: ${name(card)}`)
  }
  const boxes = [...shown(".call"), ...shown(".turns"), ...shown(".recent__line"), ...shown(".head")].map((e) => [e, e.getBoundingClientRect()])
  boxes.forEach(([a, one], i) => boxes.slice(i + 1).forEach(([b, other]) => {
    const across = Math.min(one.right, other.right) - Math.max(one.left, other.left)
    const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top)
    if (across > 1 && down > 1) trouble.push(`${name(a)} over ${name(b)}`)
  }))
  for (const box of shown(".turn")) {
    if (box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1) trouble.push(`clipped: ${name(box)}`)
  }
  return trouble
}
