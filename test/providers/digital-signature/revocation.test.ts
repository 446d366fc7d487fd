/** Revocation: each way a responder can answer, or not answer, is its own outcome, and only one of them lets in. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import type { TokenValidatorSettings } from '../../../providers/digital-signature/token-validator.ts';
import { createOutgoing } from '../../../src/web/outgoing.ts';
import { NONCE, tokenOf, validatorOf } from './card.ts';
import {
  type AnswerFeatures,
  answerTo,
  ECDSA_SHA1,
  type Features,
  issue,
  NOW,
  OCSP_ADDRESS,
  OCSP_SIGNING,
  rootAuthority,
  wrapped,
} from './card-authority.ts';

const MINUTE = 60_000;
const OCSP_TYPE = { 'content-type': 'application/ocsp-response' };
const root = rootAuthority();
const card = issue({}, root);
const responder = issue({ name: 'RESPONDER', extendedKeyUsage: [OCSP_SIGNING], ocsp: null }, root);
const appointed = { signer: responder, carries: [responder.der] };

type Fetch = TokenValidatorSettings['outgoing']['fetch'];
const answering =
  (features: AnswerFeatures): Fetch =>
  async (_address, init) =>
    new Response(Buffer.from(answerTo(init!.body as Uint8Array, card, root, features)), { headers: OCSP_TYPE });
const sending =
  (bytes: Uint8Array, init: ResponseInit = { headers: OCSP_TYPE }): Fetch =>
  async () =>
    new Response(Buffer.from(bytes), init);

/** What becomes of the card when its responder behaves so: `good`, or the refusal's code and, where there is one, why. */
async function outcome(fetch: Fetch, settings: Partial<TokenValidatorSettings> = {}, token = tokenOf(card)) {
  const validator = validatorOf(root, { revocation: 'ask', outgoing: { fetch }, ...settings });
  try {
    await validator.validate(token, NONCE, AbortSignal.timeout(5000));
    return 'good';
  } catch (error) {
    const { code, cause } = error as { code: string; cause?: { code: string } };
    return cause === undefined ? code : `${code}: ${cause.code}`;
  }
}

const unknownStatus = (why: string) => `certificate_status_unknown: ${why}`;
const designated = (more: Partial<TokenValidatorSettings['responders'][number]> = {}) => ({
  responders: [{ authority: 'public', address: 'https://designated.example/ocsp', ...more }],
});

describe('B10 what the responder says', () => {
  test('B10 good: from the issuer itself', async () => {
    expect(await outcome(answering({}))).toBe('good');
  });

  test('B10 good: from a responder the issuer appointed', async () => {
    expect(await outcome(answering(appointed))).toBe('good');
  });

  test('B10 revoked', async () => {
    expect(await outcome(answering({ status: 'revoked' }))).toBe('certificate_revoked');
    expect(await outcome(answering({ ...appointed, status: 'revoked' }))).toBe('certificate_revoked');
  });

  test('B10 unknown', async () => {
    expect(await outcome(answering({ status: 'unknown' }))).toBe('certificate_unknown');
  });

  test('B10 good, and yet the signature is not this sign-in’s', async () => {
    const token = { ...tokenOf(card), signature: tokenOf(issue({}, root)).signature };
    expect(await outcome(answering({}), {}, token)).toBe('signature_invalid');
  });
});

describe('B10 stale', () => {
  const stale = unknownStatus('ocsp_not_fresh');

  test.each([
    ['said half an hour ago, with no end', { thisUpdate: NOW - 30 * MINUTE }],
    ['overtaken by its next update', { thisUpdate: NOW - 60 * MINUTE, nextUpdate: NOW - 6 * MINUTE }],
    ['from the future', { thisUpdate: NOW + 6 * MINUTE }],
    ['ends before it begins', { thisUpdate: NOW, nextUpdate: NOW - MINUTE }],
  ])('B10 stale: %s', async (_title, features) => {
    expect(await outcome(answering(features))).toBe(stale);
  });

  test('B10 clocks may differ by five minutes, and an answer holds until its next update', async () => {
    expect(await outcome(answering({ thisUpdate: NOW + 4 * MINUTE }))).toBe('good');
    const fromStore = { thisUpdate: NOW - 300 * MINUTE, nextUpdate: NOW + MINUTE };
    expect(await outcome(answering(fromStore))).toBe('good');
  });
});

describe('B10 wrong nonce', () => {
  test('B10 wrong nonce: another, none, or one not wrapped', async () => {
    for (const nonce of [new Uint8Array([4, 2, 1, 2]), null, new Uint8Array(32)]) {
      expect(await outcome(answering({ nonce }))).toBe(unknownStatus('ocsp_nonce_differs'));
    }
  });

  test('B10 a yesterday’s answer does not pass for today’s question', async () => {
    let recorded: Uint8Array | undefined;
    const recording: Fetch = async (_address, init) => {
      recorded ??= answerTo(init!.body as Uint8Array, card, root);
      return new Response(Buffer.from(recorded), { headers: OCSP_TYPE });
    };
    expect(await outcome(recording)).toBe('good');
    expect(await outcome(recording)).toBe(unknownStatus('ocsp_nonce_differs'));
  });

  test('B10 a designated responder may be one that knows no nonce', async () => {
    const settings = designated({ nonce: 'unsupported' });
    expect(await outcome(answering({ nonce: null }), settings)).toBe('good');
    expect(await outcome(answering({ nonce: null, thisUpdate: NOW - 30 * MINUTE }), settings)).toBe(
      unknownStatus('ocsp_not_fresh'),
    );
  });
});

describe('B10 two responses', () => {
  test.each([2, 3])('B10 %i answers where one belongs', async (times) => {
    expect(await outcome(answering({ times }))).toBe(unknownStatus('ocsp_not_one_answer'));
  });

  test('B10 an answer about another certificate', async () => {
    expect(await outcome(answering({ about: issue({}, root).der }))).toBe(unknownStatus('ocsp_other_certificate'));
  });
});

describe('B10 wrong responder', () => {
  const notEntitled = unknownStatus('ocsp_not_entitled');
  const named = (features: Features, issuer = root) => {
    const signer = issue({ name: 'RESPONDER', ocsp: null, extendedKeyUsage: [OCSP_SIGNING], ...features }, issuer);
    return answering({ signer, carries: [signer.der] });
  };

  test('B10 wrong responder: a card of the same authority', async () => {
    const other = issue({ name: 'LÊ THỊ BÌNH' }, root);
    expect(await outcome(answering({ signer: other, carries: [other.der] }))).toBe(notEntitled);
  });

  test('B10 wrong responder: appointed by another authority, of the same name even', async () => {
    expect(await outcome(named({}, rootAuthority()))).toBe(notEntitled);
  });

  test.each<[string, Features]>([
    ['without the purpose', { extendedKeyUsage: ['1.3.6.1.5.5.7.3.2'] }],
    ['whose key does not sign', { keyUsage: 0x20 }],
    ['expired', { notAfter: NOW - 1000 }],
    ['not yet in force', { notBefore: NOW + 1000 }],
    ['appointed with SHA-1', { algorithm: ECDSA_SHA1 }],
  ])('B10 wrong responder: %s', async (_title, features) => {
    expect(await outcome(named(features))).toBe(notEntitled);
  });

  test('B10 wrong responder: an issuer further up does not answer for an issuer below', async () => {
    const middle = issue({ name: 'MIDDLE', authority: true, ocsp: null }, root);
    const below = issue({}, middle);
    const fetch: Fetch = async (_address, init) => {
      const answer = answerTo(init!.body as Uint8Array, below, middle, appointed);
      return new Response(Buffer.from(answer), { headers: OCSP_TYPE });
    };
    const settings = { authorities: [{ id: 'public', anchors: [root.der], intermediates: [middle.der] }] };
    expect(await outcome(fetch, settings, tokenOf(below))).toBe(notEntitled);
  });

  test('B10 wrong responder: somebody else signed in the issuer’s name', async () => {
    const forger = rootAuthority();
    const forged = answering({ signer: forger, named: root, carries: [forger.der] });
    expect(await outcome(forged)).toBe(unknownStatus('ocsp_signature_invalid'));
  });

  test('B10 wrong responder: signed with SHA-1', async () => {
    expect(await outcome(answering({ algorithm: ECDSA_SHA1 }))).toBe(unknownStatus('ocsp_signature_invalid'));
  });

  test('B10 a designated responder answers, at its own address, for its own authority alone', async () => {
    const stranger = issue({ name: 'DESIGNATED', ocsp: null }, rootAuthority({ name: 'ELSEWHERE' }));
    let asked: unknown;
    const fetch: Fetch = (address, init) => {
      asked = address;
      return answering({ signer: stranger })(address, init);
    };
    expect(await outcome(fetch, designated({ certificate: stranger.der }))).toBe('good');
    expect(asked).toBe('https://designated.example/ocsp');
    expect(await outcome(fetch, designated({ certificate: stranger.der, authority: 'government' }))).toBe(notEntitled);
    expect(asked).toBe(OCSP_ADDRESS);
  });
});

describe('B10 down', () => {
  const unreachable = unknownStatus('ocsp_unreachable');

  test('B10 down: no connection, an error, a page instead of an answer', async () => {
    expect(await outcome(() => Promise.reject(new Error('refused')))).toBe(unreachable);
    expect(await outcome(sending(wrapped(0), { status: 503, headers: OCSP_TYPE }))).toBe(unreachable);
    const page = { headers: { 'content-type': 'text/html' } };
    expect(await outcome(sending(Buffer.from('<p>sign in to our network'), page))).toBe(unreachable);
  });

  test.each([1, 2, 3, 5, 6])('B10 down: the responder says status %i', async (status) => {
    expect(await outcome(sending(wrapped(status)))).toBe(unknownStatus('ocsp_unable'));
  });

  test('B10 down: an answer that is none', async () => {
    for (const bytes of [new Uint8Array(), Buffer.from('good'), wrapped(0), new Uint8Array(60_000).fill(0x30)]) {
      expect(await outcome(sending(bytes))).toBe(unknownStatus('ocsp_malformed'));
    }
    expect(await outcome(answering({ times: 0 }))).toBe(unknownStatus('ocsp_malformed'));
    expect(await outcome(answering({ critical: true }))).toBe(unknownStatus('ocsp_malformed'));
  });

  test('B10 down: nobody to ask', async () => {
    const silent = tokenOf(issue({ ocsp: null }, root));
    expect(await outcome(answering({}), {}, silent)).toBe(unknownStatus('ocsp_no_responder'));
    const elsewhere = tokenOf(issue({ ocsp: 'ldap://authority.example/' }, root));
    expect(await outcome(answering({}), {}, elsewhere)).toBe(unknownStatus('ocsp_no_responder'));
  });

  test('B10 nobody is asked about a certificate that is not trusted anyway', async () => {
    const rogue = tokenOf(issue({ ocsp: 'http://attacker.example/' }, rootAuthority()));
    let asked = 0;
    const fetch: Fetch = (...call) => {
      asked += 1;
      return answering({})(...call);
    };
    expect(await outcome(fetch, {}, rogue)).toBe('certificate_not_trusted');
    expect(asked).toBe(0);
  });

  test('B10 over the guarded client: good from a running responder, down from a stopped one', async () => {
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      response.writeHead(200, OCSP_TYPE).end(answerTo(Buffer.concat(chunks), card, root));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const outgoing = createOutgoing({ allowLoopback: true, privateNetworks: [] });
    const settings = designated({ address: `http://127.0.0.1:${port}/` });
    expect(await outcome(outgoing.fetch, settings)).toBe('good');
    const stopped = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await stopped;
    expect(await outcome(outgoing.fetch, settings)).toBe(unreachable);
    await outgoing.close();
  });
});
