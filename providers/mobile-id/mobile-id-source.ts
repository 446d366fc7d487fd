/** Owns the phone as a source of the hub: the page that asks for the two numbers, and the one that waits with the code. */
import { z } from 'zod';
import { Refusal } from '../../src/errors.ts';
import type { SettingsOf } from '../../src/sources.ts';
import type { ProtocolState } from '../../src/store.ts';
import type { Page } from '../../views/pages.ts';
import type { PageAttempt, PageSource } from '../source.ts';
import { MobileAttempts, type Standing } from './attempts.ts';
import { MobileId, type MobileIdParts, type MobileIdSettings } from './mobile-id.ts';
import { PushLimits } from './push-limits.ts';
import { readSubscriber } from './subscriber.ts';

export interface MobileIdSourceParts extends Omit<MobileIdParts, 'settings'> {
  readonly settings: SettingsOf<'mobile-id'>;
  readonly state: ProtocolState;
}

/** What the form sends: never more than somebody types, and nothing when it is no text. */
const typed = z.string().max(60).catch('');
const numbers = z.object({ phone: typed, personal_number: typed });

/** Throws when a certificate of the settings cannot be read. */
export function createMobileIdSource({ settings, state, clock, outgoing }: MobileIdSourceParts): PageSource {
  const { id, acr, name, authority, asks, icon } = settings;
  const mobileId = new MobileId({ settings: interfaceOf(settings), outgoing, clock });
  const attempts = new MobileAttempts({ mobileId, limits: new PushLimits({ state, clock }), state });
  return {
    id,
    acr,
    card: { id, name, authority, asks, icon },

    async page(attempt) {
      const standing = await attempts.standing(attempt.id);
      return standing === undefined ? numbersPage(attempt) : waitPage(attempt, standing);
    },

    async answer(attempt, fields) {
      const { phone, personal_number: personalNumber } = numbers.parse(fields);
      const { subscriber, wrong } = readSubscriber({ phone, personalNumber });
      if (subscriber === undefined) return numbersPage(attempt, { phone, personalNumber }, wrong);
      const { service, shortName = service.agency, language } = attempt;
      await attempts.begin(attempt.id, { ...subscriber, displayName: shortName[language], language });
      return undefined;
    },

    async wait(attempt) {
      // Nobody heard of it for longer than a phone can take: a computer that slept meanwhile, most likely.
      if ((await attempts.standing(attempt.id)) === undefined) throw new Refusal('source_timeout');
      await attempts.push(attempt.id);
      return attempts.poll(attempt.id, attempt.signal);
    },

    async cancel(attempt) {
      await attempts.cancel(attempt.id);
    },
  };
}

type NumbersPage = Extract<Page, { readonly page: 'mobile-numbers' }>;

function numbersPage(
  { service, action, cancelAction }: PageAttempt,
  values: NumbersPage['values'] = { phone: '', personalNumber: '' },
  wrong: NumbersPage['wrong'] = [],
): NumbersPage {
  return { page: 'mobile-numbers', service, action, cancelAction, values, wrong };
}

function waitPage({ service, waitAction, cancelAction }: PageAttempt, { code, sent }: Standing): Page {
  return { page: 'mobile-wait', service, waitAction, cancelAction, code, sent };
}

/** The sources file's words in those of the interface. */
function interfaceOf({ relying_party, authorities, ...settings }: SettingsOf<'mobile-id'>): MobileIdSettings {
  return {
    ...settings,
    relyingParty: relying_party,
    authorities: authorities.map(({ personal_number, ...authority }) => ({
      ...authority,
      ...(personal_number === undefined ? {} : { personalNumber: personal_number }),
    })),
  };
}
