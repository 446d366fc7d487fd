/**
 * Owns looking at a consent screen beforehand: the very page that citizens will see, made by the same code, of what is being
 * written and somebody who is made up. Its buttons lead back to itself.
 */
import { displayTextFor } from '../../../providers/mobile-id/display-text.ts';
import type { ConsentPreview } from '../../../views/developer/seeing.ts';
import type { ClientRegistration } from '../../clients.ts';
import { registeredItems } from '../../consent/items.ts';
import { consentShown } from '../../consent/shown.ts';
import { Refusal } from '../../errors.ts';
import { reaches } from '../../identity/assurance.ts';
import type { Attributes } from '../../identity/authentication.ts';
import { DEVELOPER } from '../../own-pages/own-page.ts';
import type { TestAttributes, TestPerson } from '../../test-people.ts';
import { languageOf } from '../../web/presentation.ts';
import { sameSiteOnly } from '../../web/same-site.ts';
import { serviceFor } from '../access.ts';
import type { ConsoleParts } from '../console.ts';
import type { Pages } from '../pages.ts';
import { draftRegistration, sourceNames } from '../shown-registration.ts';

const PAGE = '/services/:service/preview';

/** Where nobody has said who there is to try with. */
const SOMEBODY: TestPerson = {
  id: 'somebody',
  name: 'Nguyễn Văn Mẫu',
  shows: { vi: 'Một công dân bình thường.', en: 'An ordinary citizen.' },
  attributes: {
    name: 'Nguyễn Văn Mẫu',
    gender: 'male',
    birth_date: '1990-01-31',
    birth_place: 'Hà Nội',
    nationality: 'VN',
    personal_number: '000000000000',
    tax_code: '0000000000',
  },
  accounts: [],
};

export function previewPages({ router, answer }: Pages, parts: ConsoleParts): void {
  const { configuration, presentation, store, clock } = parts;
  const known = (configuration.sandbox?.testPeople ?? []).filter(
    ({ attributes, accounts }) => attributes && accounts.some(({ outcome }) => outcome === 'signed_in'),
  );
  const people = known.length > 0 ? known : [SOMEBODY];

  answer(PAGE, async ({ actor, params, query }, request, response) => {
    const access = await serviceFor(store, actor, params.service!, 'reader');
    const environment = query.environment === 'production' ? 'production' : 'sandbox';
    const shown = await draftRegistration(parts, access, environment);
    if (shown === undefined) throw new Refusal('not_found');
    const { registration, from } = shown;
    const person = people.find(({ id }) => id === query.person) ?? people[0]!;
    const account = accountFor(person, registration);
    const attributes = attributesOf({ ...person.attributes, ...account?.attributes });
    const items = registeredItems(registration);
    const contents = consentShown(registration, items, attributes, languageOf(request), clock());
    const names = sourceNames(parts, 'sandbox');
    const preview: ConsentPreview = {
      id: access.service.id,
      name: registration.service,
      environment,
      from,
      person: person.id,
      people: people.map(({ id, name }) => ({ id, name })),
      ...(account && names[account.source] ? { source: names[account.source]! } : {}),
      phone: phoneOf(registration),
    };
    const action = `${DEVELOPER.path}/services/${access.service.id}/preview`;
    presentation.send(request, response, { ...contents, action, shown: '', changed: false, preview });
  });

  // Whatever somebody presses there: nothing has been decided.
  router.post(PAGE, sameSiteOnly(parts.issuer), (request, response) => {
    response.redirect(303, `${DEVELOPER.path}/services/${encodeURIComponent(String(request.params.service))}/preview`);
  });
}

/** The first way in that the service would take. */
function accountFor({ accounts }: TestPerson, { minimum_acr, sources }: ClientRegistration) {
  const ways = accounts.filter(({ outcome }) => outcome === 'signed_in');
  const taken = ways.find(
    ({ level, source }) => reaches(level, minimum_acr) && (sources === undefined || sources.includes(source)),
  );
  return taken ?? ways[0];
}

function attributesOf(known: TestAttributes): Attributes {
  const { name, gender, birth_date, birth_place, nationality, personal_number, tax_code } = known;
  return {
    ...(name ? { name } : {}),
    ...(gender ? { gender } : {}),
    ...(birth_date ? { birthDate: birth_date } : {}),
    ...(birth_place ? { birthPlace: birth_place } : {}),
    ...(nationality ? { nationality } : {}),
    ...(personal_number ? { personalNumber: personal_number } : {}),
    ...(tax_code ? { taxCode: tax_code } : {}),
  };
}

/** As a phone reads that is asked by MobileID. */
function phoneOf({ short_name, agency }: ClientRegistration) {
  const name = short_name ?? agency.name;
  const text = (language: 'vi' | 'en') => displayTextFor(name[language], language).displayText;
  return { vi: text('vi'), en: text('en') };
}
