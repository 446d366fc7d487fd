/* Owns the answer to a page that asks for Web eID: says that it is there, asks for card and PIN, hands over the token. */
const ACTION = 'web-eid:authenticate';
const answer = (suffix, content = {}) =>
  window.postMessage({ action: `${ACTION}-${suffix}`, ...content }, location.origin);
const fail = (code) => answer('failure', { error: { code, message: code } });

/* Two windows of the browser stand in for those of the Web eID program. */
function askCitizen(cards) {
  const list = cards.map(({ serial, name }, at) => `${at + 1}  ${serial}  ${name}`).join('\n');
  const chosen = prompt(`Thẻ nào? / Which card?\n\n${list}`, '1');
  const card = cards[Number(chosen) - 1] ?? cards.find(({ serial }) => serial === chosen);
  const pin = card && prompt(`PIN — ${card.serial}, ${card.name}`);
  return pin ? { serial: card.serial, pin } : undefined;
}

window.addEventListener('message', async ({ source, data }) => {
  if (source !== window || data?.action !== ACTION) return;
  answer('ack');
  const { cards } = await chrome.runtime.sendMessage({ ask: 'cards' });
  if (cards === undefined) return fail('ERR_WEBEID_NATIVE_UNAVAILABLE');
  const chosen = askCitizen(cards);
  if (chosen === undefined) return fail('ERR_WEBEID_USER_CANCELLED');
  const { token } = await chrome.runtime.sendMessage({ ask: 'sign', ...chosen, nonce: data.challengeNonce });
  if (token === undefined) return fail('ERR_WEBEID_NATIVE_FATAL');
  answer('success', token);
});
