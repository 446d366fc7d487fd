/** Owns the English words of the page of made-up people. */
import type { testPeopleInVietnamese } from './test-people.vi.ts';

export const testPeopleInEnglish: typeof testPeopleInVietnamese = {
  title: 'Test people',
  lead: 'None of them is real. Each shows something that your service will meet; be them when you sign in to the sandbox.',
  none: 'There is no list yet. Ask whoever operates the hub.',
  attributes: 'What a service may receive',
  credential: {
    tax_code: 'Tax code',
    social_insurance_number: 'Social insurance number',
    personal_number: 'Personal number',
    phone: 'Phone number',
    card: 'Card',
    account: 'Account',
    password: 'Password',
    pin: 'PIN',
  },
  level: 'Highest level',
  outcome: 'What comes of it',
  outcomeOf: { signed_in: 'Signed in', refused: 'Refused', choose_again: 'Back at the choice of a way' },
  codes: 'Codes that go to a phone, and requests to confirm, are on the sample phone that the sign-in pages lead to.',
};
