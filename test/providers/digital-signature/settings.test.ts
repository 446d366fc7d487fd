/** Owns the tests of what a sources file may say about digital signatures, and what it can never say. */
import { describe, expect, test } from '@jest/globals';
import { sourceSettings } from '../../../src/sources.ts';
import { rootAuthority } from './card-authority.ts';

const pem = `-----BEGIN CERTIFICATE-----\n${Buffer.from(rootAuthority().der).toString('base64')}\n-----END CERTIFICATE-----`;
const authority = { id: 'public', anchors: [pem], personal_number: { attribute: 'serialNumber', prefix: 'PNOVN-' } };
const text = { vi: 'Chữ ký số', en: 'Digital signature' };
const settings = {
  kind: 'digital-signature',
  id: 'digital-signature',
  acr: 'loa4',
  name: text,
  authority: text,
  asks: text,
  icon: 'signature',
  authorities: [authority],
};
const responder = { authority: 'public', address: 'http://ocsp.example/' };
const problemsWith = (change: object) =>
  (sourceSettings.safeParse({ ...settings, ...change }).error?.issues ?? []).map(({ message }) => message);

describe('the settings of digital signatures', () => {
  test('authorities alone are enough; revocation is asked of whom the certificates name', () => {
    expect(sourceSettings.parse(settings)).toMatchObject({ disallowed_policies: [], responders: [] });
    expect(problemsWith({ responders: [{ ...responder, certificate: pem, nonce: 'unsupported' }] })).toEqual([]);
  });

  test.each([
    { revocation: 'off' },
    { revocation: false },
    { ocsp: 'off' },
  ])('B10 nothing turns it off: %j', (change) => {
    expect(problemsWith(change)).toHaveLength(1);
  });

  test.each<[string, object, string]>([
    ['an anchor', { authorities: [{ ...authority, anchors: ['hello'] }] }, 'is no certificate in PEM'],
    ['an intermediate', { authorities: [{ ...authority, intermediates: ['-----BEGIN'] }] }, 'is no certificate in PEM'],
    ['a responder’s', { responders: [{ ...responder, certificate: 'x' }] }, 'is no certificate in PEM'],
    ['a policy', { disallowed_policies: ['any'] }, 'is no object identifier'],
    ['twice the same', { authorities: [authority, authority] }, 'names an authority twice'],
    ['two responders', { responders: [responder, responder] }, 'names two for one authority'],
    ['of nobody', { responders: [{ ...responder, authority: 'other' }] }, 'names an authority that is not there'],
  ])('a mistake is told where it is: %s', (_name, change, problem) => {
    expect(problemsWith(change)).toContain(problem);
  });

  test('nobody at all is believed by none', () => {
    expect(problemsWith({ authorities: [] })).not.toEqual([]);
    expect(problemsWith({ authorities: [{ ...authority, anchors: [] }] })).not.toEqual([]);
  });
});
