/** Owns the page of the made-up people with whom services are tried. */
import type { ConsoleParts } from '../console.ts';
import type { Pages } from '../pages.ts';
import { sourceNames } from '../shown-registration.ts';

export function testPeoplePages({ show }: Pages, parts: ConsoleParts): void {
  show('/test-people', async ({ call }) => ({
    page: 'developer/test-people',
    people: (await call('listTestPeople')).values.people,
    sources: sourceNames(parts, 'sandbox'),
  }));
}
