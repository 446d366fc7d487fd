/* Owns the way from the browser to the sandbox's card reader; the origin a card signs for is the browser's word. */
const READER = 'http://localhost:3131';

async function atReader(path, order) {
  const body = order && {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  };
  const response = await fetch(`${READER}${path}`, body);
  if (!response.ok) throw new Error(`the card reader answered ${response.status}`);
  return response.json();
}

async function answerTo({ ask, serial, pin, nonce }, sender) {
  try {
    if (ask === 'cards') return { cards: await atReader('/cards') };
    const origin = new URL(sender.url).origin;
    return { token: await atReader('/sign', { serial, pin, nonce, origin }) };
  } catch {
    return {};
  }
}

chrome.runtime.onMessage.addListener((message, sender, respond) => {
  answerTo(message, sender).then(respond);
  return true; // it is answered later
});
