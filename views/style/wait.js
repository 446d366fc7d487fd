/* Owns waiting without the flicker of a page that refreshes itself: asks whether it has come, and goes where it is told. */
const status = document.querySelector('[data-wait]');
const { wait, sent } = status.dataset;
/* Milliseconds: time to read the code before the phone rings, then between two answers. */
const [READING, BREATH] = [2_000, 500];

async function look() {
  try {
    const answer = await fetch(wait, { headers: { accept: 'application/json' } });
    /* What cannot be told here is told by the page itself. */
    if (answer.status !== 204) return location.replace(answer.ok ? (await answer.json()).to : wait);
    if (status.textContent !== sent) status.textContent = sent;
  } catch {
    /* No line at the moment; the next time, perhaps. */
  }
  setTimeout(look, BREATH);
}
setTimeout(look, READING);
