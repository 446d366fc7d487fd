/** Pictures of services: served as what they are and never as a page that could do something. */
import { describe, expect, it } from '@jest/globals';
import express, { type ErrorRequestHandler } from 'express';
import request from 'supertest';
import { errorOf, Refusal } from '../../src/errors.ts';
import { type Logo, logosRoute } from '../../src/web/logos.ts';

const ID = `${'Ab3_-'.repeat(8)}xyz`;
const OTHER = `${'Zz9_-'.repeat(8)}xyz`;
const SVG: Logo = { type: 'image/svg+xml', body: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') };
const PAGE: Logo = { type: 'text/html', body: Buffer.from('<script>alert(1)</script>') };

const asked: string[] = [];
const logos = new Map([
  [`${ID}.svg`, SVG],
  [`${ID}.png`, SVG],
  [`${OTHER}.svg`, PAGE],
]);
const refused: ErrorRequestHandler = (error, _request, response, _next) => {
  const code = error instanceof Refusal ? error.code : 'internal_error';
  response.status(errorOf(code).status).send(code);
};
const application = express()
  .use(
    logosRoute(async (id) => {
      asked.push(id);
      return logos.get(id);
    }),
  )
  .use(refused);

describe('a logo', () => {
  it('comes as it is, for the hub’s own pages, for ever', async () => {
    const { body, headers, status } = await request(application).get(`/logos/${ID}.svg`).buffer(true);
    expect(status).toBe(200);
    expect(Buffer.from(body)).toEqual(SVG.body);
    expect(headers).toMatchObject({
      'content-type': 'image/svg+xml',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'public, max-age=31536000, immutable',
    });
  });

  it('can do nothing where a browser opens it by itself', async () => {
    const { headers } = await request(application).get(`/logos/${ID}.svg`);
    expect(headers['content-security-policy']).toBe("default-src 'none'; style-src 'unsafe-inline'; sandbox");
  });

  it.each([
    ['nobody has', `/logos/${'n'.repeat(43)}.svg`],
    ['is of the other type', `/logos/${ID}.png`],
    ['is no picture', `/logos/${OTHER}.svg`],
  ])('that %s is not found', async (_which, path) => {
    expect(await request(application).get(path)).toMatchObject({ status: 404, text: 'not_found' });
  });

  it.each([
    `/logos/${ID}`,
    `/logos/${ID}.svg.html`,
    `/logos/${ID}.SVG`,
    `/logos/${ID}a.svg`,
    `/logos/..%2f..%2fkeys.svg`,
    `/logos/${ID.slice(1)}%00.svg`,
    `/logos/${ID}.svg%0a`,
    '/logos/__proto__',
  ])('at %s is looked for nowhere', async (path) => {
    asked.length = 0;
    expect((await request(application).get(path)).status).toBe(404);
    expect(asked).toEqual([]);
  });
});
