// When nobody has touched the screen for a minute, the next person finds it as new.
const IDLE_MS = 60_000

export function startIdle(goHome) {
  let timer
  const restart = () => {
    clearTimeout(timer)
    timer = setTimeout(() => { goHome(); restart() }, IDLE_MS)
  }
  for (const sign of ["pointerdown", "keydown"]) document.addEventListener(sign, restart)
  restart()
}
