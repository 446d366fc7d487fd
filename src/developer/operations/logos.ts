/** Owns taking logos in. What is refused is told with its reason; what is kept was written anew by the hub. */
import { Refusal } from '../../errors.ts';
import { takeWithinHour } from '../hourly.ts';
import { acceptLogo } from '../logos.ts';
import type { Operations } from '../operations.ts';
import type { DeveloperParts } from '../parts.ts';
import { Objections } from '../refusals.ts';

/** In an hour, by one account: each costs work, and one that is kept stays. */
const MOST_LOGOS = 30;

export function logoOperations(operations: Operations, parts: Pick<DeveloperParts, 'store' | 'clock'>): void {
  const { developer } = parts.store;

  operations.define('uploadLogo', 'write', async (actor, { body }) => {
    if ((await developer.accounts.find(actor.account)) === undefined) throw new Refusal('introduction_needed');
    await takeWithinHour(parts, `logos by ${actor.account}`, MOST_LOGOS);
    const accepted = acceptLogo(Buffer.from(body.content, 'base64'));
    if (!accepted.ok) throw new Objections('logo_refused', [{ field: 'content', code: accepted.code }]);
    const { id, type, body: content } = accepted;
    await developer.logos.put(id, { type, body: content });
    return { status: 201, values: { id, path: `/logos/${id}` } };
  });
}
