/** The authentication tokens made by others: each comes out as written. */
import { expect, test } from '@jest/globals';
import { cases, validate, vectorNamed } from './vectors.ts';

/** What the vectors call malformed is an invalid answer of the source here. */
const codeOf = (outcome: string) => (outcome === 'malformed' ? 'source_answer_invalid' : outcome);

test('B3 there are 23 tokens', () => {
  expect(cases).toHaveLength(23);
});

test.each(cases.map((one) => ({ ...one, title: `${one.name}: ${one.expect}` })))('B3 $title', async (one) => {
  if (one.expect === 'accept') await expect(validate(one)).resolves.toMatchObject({ authority: 'vectors' });
  else await expect(validate(one)).rejects.toMatchObject({ name: 'Refusal', code: codeOf(one.expect) });
});

test('B3 a valid token proves what its certificate says', async () => {
  await expect(validate(vectorNamed('valid ES384 card token'))).resolves.toEqual({
    authority: 'vectors',
    issuer: 'CN=TEST of ESTEID2018,organizationIdentifier=NTREE-10747013,O=SK ID Solutions AS,C=EE',
    serialNumber: '639386B21C683CC160F967DCD2014469',
    subject: {
      country: 'EE',
      commonName: 'JÕEORG,JAAK-KRISTJAN,38001085718',
      surname: 'JÕEORG',
      givenName: 'JAAK-KRISTJAN',
      serialNumber: 'PNOEE-38001085718',
    },
    // Its authority's profile names no place for a number, so none is taken from the serial number.
    personalNumber: undefined,
    policies: ['1.3.6.1.4.1.51361.1.2.1', '0.4.0.2042.1.2'],
    notAfter: Date.parse('2026-07-09T21:59:59Z'),
    fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test('B3 a token may come as JSON text', async () => {
  const one = vectorNamed('valid ES384 card token');
  await expect(validate(one, JSON.stringify(one.token))).resolves.toMatchObject({ authority: 'vectors' });
});
