/*
 * Owns the talk with the Web eID browser extension: asks it for a token over the page's nonce, sends what comes, shows the
 * words for what goes wrong. All words stand in the page, hidden until they are meant.
 */
const form = document.querySelector('form[data-nonce]');
const button = form.querySelector('button');
const ACTION = 'web-eid:authenticate';
/* The extension answers at once that it is there; milliseconds. */
const PATIENCE_WITH_EXTENSION = 2_000;
const PATIENCE_WITH_CITIZEN = 120_000;
/* The nonce lives five minutes: asked later than this, the citizen could type the PIN in vain. */
const STALE = 150_000;
const BEGIN_AT_ONCE = '?begin';

const WORDS_FOR = new Map([
  ['ERR_WEBEID_USER_CANCELLED', 'cancelled'],
  ['ERR_WEBEID_USER_TIMEOUT', 'timeout'],
  ['ERR_WEBEID_ACTION_TIMEOUT', 'timeout'],
  ['ERR_WEBEID_EXTENSION_UNAVAILABLE', 'no-extension'],
  ['ERR_WEBEID_NATIVE_UNAVAILABLE', 'no-program'],
  ['ERR_WEBEID_VERSION_MISMATCH', 'outdated'],
  ['ERR_WEBEID_VERSION_INVALID', 'outdated'],
]);

let asking = false;
let alarm;

function tell(words) {
  for (const told of document.querySelectorAll('[data-told]')) told.hidden = told.dataset.told !== words;
}

function end(words) {
  asking = false;
  clearTimeout(alarm);
  button.removeAttribute('aria-disabled');
  tell(words);
}

function ask() {
  if (asking) return;
  asking = true;
  button.setAttribute('aria-disabled', 'true');
  tell('waiting');
  alarm = setTimeout(end, PATIENCE_WITH_EXTENSION, 'no-extension');
  const options = { lang: document.documentElement.lang, userInteractionTimeout: PATIENCE_WITH_CITIZEN };
  const message = { action: ACTION, libraryVersion: '2.0.2', challengeNonce: form.dataset.nonce, options };
  window.postMessage(message, location.origin);
}

function send({ unverifiedCertificate, algorithm, signature, format, appVersion }) {
  clearTimeout(alarm);
  form.elements.token.value = JSON.stringify({ unverifiedCertificate, algorithm, signature, format, appVersion });
  form.submit();
}

function wait() {
  clearTimeout(alarm);
  alarm = setTimeout(end, PATIENCE_WITH_CITIZEN + 10_000, 'timeout');
}

window.addEventListener('message', ({ source, origin, data }) => {
  if (!asking || source !== window || origin !== location.origin) return;
  if (data?.action === `${ACTION}-ack`) wait();
  if (data?.action === `${ACTION}-success`) send(data);
  if (data?.action === `${ACTION}-failure`) end(WORDS_FOR.get(data.error?.code) ?? 'failed');
  /* Other messages, `web-eid:warning` among them, ask nothing of a citizen. */
});

form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (performance.now() < STALE || asking) return ask();
  location.replace(`${form.getAttribute('action')}${BEGIN_AT_ONCE}`);
});

button.hidden = false;
if (location.search === BEGIN_AT_ONCE) {
  history.replaceState(null, '', location.pathname);
  ask();
}
