/**
 * Owns the links by which whoever reads a person's letters stops a change that waits, without signing in. What is stopped
 * can be asked for again; so whoever has such a link can do no harm with it.
 */
import type { Router } from 'express';
import type { StopPage } from '../../../views/citizen/links.ts';
import { moment } from '../../calendar.ts';
import { Refusal } from '../../errors.ts';
import type { Store } from '../../store.ts';
import type { Limits } from '../../web/limits.ts';
import type { Presentation } from '../../web/presentation.ts';
import { sameSiteOnly } from '../../web/same-site.ts';
import type { Changes } from '../changes.ts';
import type { WaitingChange } from '../ports.ts';
import { STOP_PATH } from './letters.ts';
import { linkToken } from './not-me.ts';

export interface StopLinksParts {
  readonly issuer: string;
  readonly store: Store;
  readonly changes: Pick<Changes, 'stop'>;
  readonly limits: Pick<Limits, 'trying'>;
  readonly presentation: Presentation;
}

/** The page of a link, and what its button does; mounted on the router of the whole hub. */
export function stopLinks(router: Router, { issuer, store, changes, limits, presentation }: StopLinksParts): void {
  /** Nothing is kept of what was stopped or carried out: its link is like one there never was. */
  async function changeOf(token: unknown): Promise<WaitingChange> {
    const { data } = linkToken.safeParse(token);
    if (data === undefined) throw new Refusal('not_found');
    const change = await store.own.waiting.byToken(data);
    if (change === undefined) throw new Refusal('change_gone');
    return change;
  }

  router.get(`${STOP_PATH}/:token`, async (request, response) => {
    limits.trying(request);
    presentation.send(request, response, stopPage(await changeOf(request.params.token), false));
  });

  router.post(`${STOP_PATH}/:token`, sameSiteOnly(issuer), async (request, response) => {
    limits.trying(request);
    request.pagePath = request.originalUrl;
    const change = await changeOf(request.params.token);
    await changes.stop(change, 'link');
    presentation.send(request, response, stopPage(change, true));
  });
}

function stopPage({ kind, requestedAt, dueAt }: WaitingChange, stopped: boolean): StopPage {
  return { page: 'citizen/stop', change: kind, requested: moment(requestedAt), due: moment(dueAt), stopped };
}
