/** Owns who may post a form to the hub: pages of the hub. */
import type { RequestHandler } from 'express';
import { Refusal } from '../errors.ts';

/** Refuses a form that another site sent, also one under the same registrable domain (`cross_site_request`). */
export function sameSiteOnly(issuer: string): RequestHandler {
  return (request, _response, next) => {
    const { origin, 'sec-fetch-site': site } = request.headers;
    if ((origin !== undefined && origin !== issuer) || (site !== undefined && site !== 'same-origin'))
      throw new Refusal('cross_site_request');
    next();
  };
}
