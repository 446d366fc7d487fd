/**
 * Owns the form of a service's settings, in either environment: what was typed, what is wrong beside each field, saving, and
 * in the sandbox going live with the same press.
 */
import type { FieldProblem } from '../../../views/developer/settings.ts';
import type { Attempt } from '../../../views/developer.ts';
import { KEY_ENCRYPTION } from '../../client-keys.ts';
import { LIFE_SITUATIONS } from '../../clients.ts';
import { ITEMS } from '../../consent/items.ts';
import { Refusal } from '../../errors.ts';
import { ACR_LADDER } from '../../identity/assertion.ts';
import type { Fields, Form, Looking, Pages } from '../pages.ts';
import type { DeveloperParts } from '../parts.ts';
import { ENVIRONMENTS, type Environment } from '../ports.ts';
import { Objections } from '../refusals.ts';
import { AUTHENTICATION_METHODS, SIGNING_ALGORITHMS } from '../settings.ts';
import { formOf, placeOf, settingsIn } from '../settings-form.ts';
import { nameOf, OF_CREDENTIALS } from './service.ts';

const PAGE = '/services/:service/:environment/settings';

export function settingsPages(
  { show, form, upload }: Pages,
  { configuration }: Pick<DeveloperParts, 'configuration'>,
): void {
  show(PAGE, async ({ params, query, attempt, call }) => {
    const environment = environmentIn(params);
    const { values: service } = await call('getService', { params: { service: params.service } });
    const standing = service[environment];
    const { draft } = standing;
    // A picture that is refused comes from a form of its own: what is in the draft stands.
    const isPicture = attempt?.problems.some(({ field }) => field === 'content') ?? false;
    const typed: Fields = (isPicture ? undefined : attempt?.fields) ?? (draft ? formOf(draft) : {});
    // Nobody who has just begun is told that everything is missing.
    const told = attempt?.problems ?? (query.saved ? standing.problems : []);
    const { sources } = environment === 'sandbox' ? configuration.sandbox! : configuration;
    return {
      page: 'developer/settings',
      id: service.id,
      name: nameOf(service),
      environment,
      may: service.role === 'owner' || service.role === 'developer',
      begun: draft !== undefined,
      ...(standing.live === undefined ? {} : { live: standing.live }),
      typed,
      problems: placed(told, typed),
      saved: attempt === undefined && query.saved !== undefined,
      items: ITEMS,
      sources: sources.map(({ id, name, acr }) => ({ id, name, acr })),
      levels: ACR_LADDER,
      lifeSituations: LIFE_SITUATIONS,
      authenticationMethods: AUTHENTICATION_METHODS,
      signingAlgorithms: SIGNING_ALGORITHMS,
      keyEncryption: KEY_ENCRYPTION,
    };
  });

  const saving = {
    operation: 'putDraft',
    on: PAGE,
    read: (fields, params) => ({
      params: { service: params.service ?? '', environment: environmentIn(params) },
      body: settingsIn(fields),
    }),
  } satisfies Partial<Form>;

  form(PAGE, { ...saving, goOn: (_outcome, looking) => `${pathTo(looking)}/settings?saved=yes` });

  // What was typed is kept whatever becomes of it, so that nobody types it twice.
  form(`${PAGE}/publication`, {
    ...saving,
    goOn: async (_outcome, looking) => {
      if (environmentIn(looking.params) === 'production') return `/services/${looking.params.service}/production`;
      const service = `/services/${looking.params.service}`;
      try {
        await looking.call('publishSandbox', { params: { service: looking.params.service! } });
      } catch (error) {
        // What is left to do is done on another page.
        if (error instanceof Objections && error.objections.every(({ code }) => OF_CREDENTIALS.has(code)))
          return `${service}/sandbox/credentials?needed=yes`;
        throw error;
      }
      return service;
    },
  });

  upload('/services/:service/:environment/logo', {
    operation: 'uploadLogo',
    on: PAGE,
    read: ({ content }) => ({ body: { content } }),
    async goOn({ values: { id: logo } }, looking) {
      const { params, call } = looking;
      const environment = environmentIn(params);
      const { values: service } = await call('getService', { params: { service: params.service ?? '' } });
      const { draft } = service[environment];
      if (draft === undefined) throw new Refusal('not_possible_now');
      const body = { ...draft, logo };
      await call('putDraft', { params: { service: params.service ?? '', environment }, body });
      return `${pathTo(looking)}/settings?saved=yes`;
    },
  });

  form('/services/:service/:environment/beginning', {
    operation: 'beginProduction',
    on: PAGE,
    read: (_fields, { service = '' }) => ({ params: { service } }),
    goOn: (_outcome, looking) => `${pathTo(looking)}/settings?saved=yes`,
  });
}

/** The environment a page is about. Throws `Refusal` `not_found` for what is none. */
export function environmentIn({ environment }: Looking['params']): Environment {
  const known = ENVIRONMENTS.find((one) => one === environment);
  if (known === undefined) throw new Refusal('not_found');
  return known;
}

/** Of a service in one environment, below the console. */
export const pathTo = ({ params }: Pick<Looking, 'params'>) => `/services/${params.service}/${environmentIn(params)}`;

/** What is wrong, each at its place in the form. */
function placed(problems: Attempt['problems'], typed: Fields): readonly FieldProblem[] {
  return problems.map((one) => {
    const { control, line } = placeOf(one.field, typed);
    const byCredentials = OF_CREDENTIALS.has(one.code);
    return { ...one, control, byCredentials, ...(line === undefined ? {} : { line }) };
  });
}
