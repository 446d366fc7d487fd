/** The real OCSP answers made by others: each comes out as it should, at the time it was made. */
import { describe, expect, test } from '@jest/globals';
import { readCertificate } from '../../../providers/digital-signature/certificate.ts';
import { readAnswer } from '../../../providers/digital-signature/ocsp-answer.ts';
import { vector, vectorNamed } from './vectors.ts';

/** The certificate all the answers are about travels in this token. */
const { unverifiedCertificate } = vectorNamed('policy of a mobile certificate').token;
const certificate = readCertificate(Buffer.from(unverifiedCertificate, 'base64'));
const issuer = readCertificate(vector('ca/test-of-esteid2018.cer'));
const designated = readCertificate(vector('ca/test-of-sk-ocsp-responder-2020.cer'));

interface Circumstances {
  readonly now: string;
  /** The nonce as that responder returned it: eight bytes, from before RFC 8954 gave it a form. */
  readonly nonce?: string;
  readonly responder?: typeof issuer;
}

function read(file: string, { now, nonce, responder }: Circumstances) {
  const question = { certificate, issuer, nonce: nonce === undefined ? undefined : Buffer.from(nonce, 'hex') };
  return readAnswer(vector(`ocsp/${file}`), question, { responder, now: Date.parse(now) });
}

const problem = (code: string) => expect.objectContaining({ name: 'StatusUnknown', code });

describe('B3 the answers made by others', () => {
  const good = { now: '2021-09-17T18:25:24Z', nonce: '47FFAFC91811770E' };

  test('B3 good', () => {
    expect(read('ocsp_response.der', good)).toBe('good');
  });

  test('B3 revoked', () => {
    const circumstances = { now: '2021-09-18T00:13:43Z', nonce: '4E4CFFFBE810EEA5' };
    expect(read('ocsp_response_revoked.der', circumstances)).toBe('revoked');
  });

  test('B3 unknown, from the designated responder alone', () => {
    const circumstances = { now: '2021-09-18T00:16:25Z', nonce: '125855AD9ABA1D21' };
    expect(read('ocsp_response_unknown.der', { ...circumstances, responder: designated })).toBe('unknown');
    expect(() => read('ocsp_response_unknown.der', circumstances)).toThrow(problem('ocsp_not_entitled'));
  });

  test('B3 two answers are none', () => {
    const circumstances = { now: '2024-04-01T14:09:57Z' };
    expect(() => read('ocsp_response_with_2_responses.der', circumstances)).toThrow(problem('ocsp_not_one_answer'));
  });

  test('B3 two certificates of responders, neither of them entitled', () => {
    const circumstances = { now: '2021-09-23T17:31:39Z' };
    expect(() => read('ocsp_response_with_2_responder_certs.der', circumstances)).toThrow(problem('ocsp_not_entitled'));
  });

  test('B10 good with the nonce of another question is a replay', () => {
    expect(() => read('ocsp_response.der', { ...good, nonce: '47FFAFC91811770F' })).toThrow(
      problem('ocsp_nonce_differs'),
    );
  });

  test('B10 good an hour later, or an hour before it was said, is not good', () => {
    for (const now of ['2021-09-17T19:25:24Z', '2021-09-17T17:25:24Z']) {
      expect(() => read('ocsp_response.der', { ...good, now })).toThrow(problem('ocsp_not_fresh'));
    }
  });

  test('B10 good with one bit of it changed is never good', () => {
    const bytes = Buffer.from(vector('ocsp/ocsp_response.der'));
    const question = { certificate, issuer, nonce: Buffer.from(good.nonce, 'hex') };
    const now = Date.parse(good.now);
    for (let at = 0; at < bytes.length; at += 17) {
      const garbled = Buffer.from(bytes);
      garbled[at]! ^= 1 << (at % 8);
      let outcome: unknown;
      try {
        outcome = readAnswer(garbled, question, { responder: undefined, now });
      } catch (error) {
        outcome = error;
      }
      expect([at, outcome]).toEqual([at, expect.objectContaining({ name: 'StatusUnknown' })]);
    }
  });
});
