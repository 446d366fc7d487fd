/** Owns the registrars' page of what waits for a decision. */
import type { Pages } from '../pages.ts';

export function submissionPages({ show }: Pages): void {
  show('/submissions', async ({ call }) => ({
    page: 'developer/submissions',
    submissions: (await call('listSubmissions')).values.submissions,
  }));
}
