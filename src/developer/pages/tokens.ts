/** Owns the page of personal API tokens: what each may do, making one, ending one. */
import type { Looking, Pages } from '../pages.ts';
import { TOKEN_SCOPES } from '../ports.ts';

const PATH = '/tokens';
/** Shorter is safer; the first is proposed. */
const DAYS = [30, 7, 90, 180, 365] as const;

export function tokenPages({ show, form }: Pages): void {
  show(PATH, (looking) => shownTokens(looking));

  form(PATH, {
    operation: 'createToken',
    on: PATH,
    read: ({ name, scopes, days }) => ({ body: { name, scopes: scopes?.split('\n') ?? [], days: Number(days) } }),
    async goOn({ values: { name, token, ends } }, looking) {
      return { ...(await shownTokens(looking)), made: { name, token, ends } };
    },
  });

  form(`${PATH}/:token/end`, {
    operation: 'endToken',
    on: PATH,
    read: (_fields, params) => ({ params }),
    goOn: () => PATH,
  });
}

async function shownTokens({ call }: Looking) {
  const [{ tokens }, { name }] = await Promise.all([
    call('listTokens').then(({ values }) => values),
    call('getAccount').then(({ values }) => values),
  ]);
  return {
    page: 'developer/tokens' as const,
    tokens,
    introduced: name !== undefined,
    scopes: TOKEN_SCOPES,
    days: DAYS,
  };
}
