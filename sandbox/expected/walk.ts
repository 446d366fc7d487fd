/** Owns one sign-in from the agency's button to where it ends, read from the pages' codes as any visitor sees them. */
import type { Page, Visitor } from '../visitor.ts';
import { type RegisterEntry, type Surroundings, WAYS } from './ways.ts';

export type Ending =
  | { readonly outcome: 'signed_in'; readonly claims: Readonly<Record<string, unknown>> }
  | { readonly outcome: Exclude<string, 'signed_in'>; readonly reason?: string };

export interface Route {
  /** The agency's address. */
  readonly agency: string;
  readonly source: string;
  readonly login: string;
  readonly entry: RegisterEntry;
  readonly around: Surroundings;
  /** Agree when the hub offers to link the source that was refused before. */
  readonly acceptLink: boolean;
}

/** A citizen meets at most: choice, link, consent, continue. More than this is a circle. */
const MOST_PAGES = 8;

/** To the choice of sources: from the page that asks for a second source where there is one, else from the agency. */
async function toChoice(visitor: Visitor, agency: string, goOn: boolean): Promise<Page> {
  if (goOn) {
    const { $, url } = visitor.page;
    const links = $('main a[href]')
      .toArray()
      .map((link) => new URL($(link).attr('href') ?? '', url));
    const otherSource = links.find((link) => link.origin === url.origin && link.pathname !== '/');
    if (otherSource !== undefined) return visitor.open(otherSource);
  }
  return visitor.open(`${agency}/login`);
}

function endingOf(page: Page): Ending {
  if (page.code === 'hello') return { outcome: 'signed_in', claims: page.claims };
  if (page.code === 'choose_source') return { outcome: 'returned_to_choice', reason: page.reason ?? 'unknown' };
  if (page.code === 'agency_error') return { outcome: 'agency_error', reason: page.error ?? 'unknown' };
  if (page.code === undefined) return { outcome: 'unexpected_page', reason: `${page.status} ${page.url.pathname}` };
  if (page.reason !== undefined) return { outcome: 'kept_by_source', reason: page.reason };
  return { outcome: 'refused', reason: page.code };
}

/** Presses what a willing citizen presses; `false` when the page leaves nothing to agree to. */
async function agree(visitor: Visitor, acceptLink: boolean): Promise<boolean> {
  const { page } = visitor;
  if (page.code === 'link') await visitor.press(acceptLink ? 'decision=agree' : 'decision=refuse');
  else if (page.code === 'consent') await visitor.tickAll().press('decision=agree');
  else if (page.code === 'continue_as') await visitor.press('decision=continue');
  else if (page.code === 'form_post') await visitor.press('button');
  else return false;
  return true;
}

/** Walks one sign-in to its end. `goOn` continues on the visitor's present page instead of pressing the button anew. */
export async function walk(visitor: Visitor, route: Route, goOn: boolean): Promise<Ending> {
  const way = WAYS[route.source];
  if (way === undefined) return { outcome: 'source_not_offered' };
  const choice = await toChoice(visitor, route.agency, goOn);
  if (choice.code !== 'choose_source') return endingOf(choice);
  if (!choice.has(`button[name=source][value="${route.source}"]`)) return { outcome: 'source_not_offered' };
  await visitor.press(`source=${route.source}`);
  await way(visitor, route.login, route.entry, route.around);
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    if (!(await agree(visitor, route.acceptLink))) return endingOf(visitor.page);
  }
  return { outcome: 'unexpected_page', reason: 'goes round in circles' };
}
