/** Owns the English words of the form of a service's settings: what each field is, and what to write. */
import { catalogueInEnglish } from '../catalogue.en.ts';
import type { credentialsInVietnamese, settingsInVietnamese } from './settings.vi.ts';

export const settingsInEnglish: typeof settingsInVietnamese = {
  title: 'Settings of the service',
  lead: {
    sandbox: 'For the sandbox. Save at any time, finished or not; only what has no mistakes can go live.',
    production: 'For production. Saving changes nothing for citizens until what is handed in has been agreed to.',
  },
  back: 'To the service',
  readOnly: 'You may look, and not change: developers and owners of the agency may.',
  begin: 'Begin the draft for production',
  beginText:
    'The draft for production begins with the settings of the sandbox; replace addresses on localhost by real ones then.',
  saved: 'Saved.',
  savedComplete: 'Saved. The draft lacks nothing.',
  savedMissing: (count) =>
    `Saved. ${count === 1 ? 'One thing has' : `${count} things have`} to be mended before it can go live:`,
  wrong: (count) =>
    `${count === 1 ? 'One thing has' : `${count} things have`} to be mended. All that was typed is still here:`,
  line: (line) => `Line ${line}: `,
  saveDraft: 'Save the draft',
  savePublish: 'Save and use in the sandbox',
  saveSubmit: 'Save and go on to hand it in',
  none: 'None',

  naming: 'Names',
  namingHint: 'Citizens see these names on every screen of Liên Thông.',
  name_vi: ['Name of the service, in Vietnamese', '100 characters at most.'],
  name_en: ['Name of the service, in English', ''],
  short_name_vi: ['Short name, in Vietnamese', '20 characters at most; it is shown on the display of a phone.'],
  short_name_en: ['Short name, in English', ''],
  purpose_vi: [
    'Purpose, in Vietnamese',
    'One sentence: what the service needs information for. 300 characters at most.',
  ],
  purpose_en: ['Purpose, in English', ''],
  logo: 'Logo',
  logoNone: 'There is no logo yet; citizens see the first letters of the agency.',
  saveFirst: 'Save the draft before uploading, so that nothing is lost.',
  logoRemove: 'Take this logo away',
  life_situations: 'Occasions in life',
  life_situationsHint: 'The public catalogue lists the service under these; 5 at most.',
  situation: catalogueInEnglish.situation,

  addresses: 'Addresses',
  addressesHint:
    'Complete https addresses, right to the letter. In the sandbox, those that a browser opens may be on localhost.',
  landing_page: ['Home page of the service', 'Where citizens come back to from Liên Thông.'],
  login_uri: ['Page where a sign-in starts (login_uri)', 'The public catalogue and error pages lead here.'],
  redirect_uris: ['Addresses for answers (redirect_uris)', 'One address a line.'],
  post_logout_redirect_uris: [
    'Addresses after a sign-out (post_logout_redirect_uris)',
    'One address a line; may be left empty.',
  ],
  backchannel_logout_uri: [
    'Where sign-outs are told (backchannel_logout_uri)',
    'The hub calls it when a citizen signs out. May be left empty.',
  ],

  asking: 'What citizens are asked for',
  askingHint:
    'Tick only what is really needed. Each has a purpose and a basis of its own; citizens read these very words.',
  claims: 'Information',
  detailsOf: (item) => `${item}: what for, on which basis`,
  purposeVi: 'What for, in Vietnamese',
  purposeEn: 'What for, in English',
  basis: 'Basis',
  basisOf: { consent: 'Consent of the citizen', law: 'Provision of law' },
  citation: 'Provision, cited',
  citationHint: 'Article, clause and number of the document; only where the basis is law.',
  optional: 'The citizen may leave it out',
  verified_claims: 'Also tell how each was verified (verified_claims)',
  consent_days: ['Consent holds for (days)', 'From 1 to 730. After that citizens are asked again.'],

  assurance: 'How sure a sign-in has to be',
  assuranceHint: 'The higher the level, the fewer ways to sign in reach it. Choose the lowest that is enough.',
  minimum_acr: 'Minimum level',
  level: {
    loa1: 'loa1 – a password: general information, notices',
    loa2: 'loa2 – a password and a code to the phone: handing in and following files',
    loa3: 'loa3 – a key on a phone or SIM: signing for something, sensitive data',
    loa4: 'loa4 – a card with a chip and a PIN: where much depends on it',
  },
  which_sources: 'Ways to sign in that are accepted',
  allSources: 'All that reach the minimum level (the usual choice)',
  someSources: 'Only those that are ticked below',

  technical: 'Technical',
  technicalHint: 'Every OpenID Connect library has these. If in doubt, leave them as they are.',
  token_endpoint_auth_method: 'How the service proves itself',
  method: {
    private_key_jwt: 'private_key_jwt – by a private key, the safest',
    client_secret_basic: 'client_secret_basic – by a secret',
    client_secret_post: 'client_secret_post – by a secret in the body',
  },
  jwks_uri: [
    'Address of the key set (jwks_uri)',
    'Instead of keys handed in. The hub fetches it when this goes live, and when somebody signs in.',
  ],
  id_token_signed_response_alg: 'Algorithm that signs id tokens',
  userinfo_signed_response_alg: 'Signed userinfo',
  id_token_encrypted_response_alg: 'Encrypted id tokens',
  userinfo_encrypted_response_alg: 'Encrypted userinfo',
  encryptionHint: 'The content is encrypted with A256GCM; there has to be a key for encryption.',
  require_pushed_authorization_requests: 'Pushed authorization requests are required (PAR)',

  contacting: 'Technical contact',
  contactingHint:
    'We write here when something is wrong or a key is about to end. Nobody has to review a change of it.',
  contact_mail: ['Mail', ''],
  contact_phone: ['Telephone', 'May be left empty.'],
};

export const credentialsInEnglish: typeof credentialsInVietnamese = {
  title: 'Secrets and keys',
  lead: 'By these the service proves to the hub that it is itself. There may be two of a kind at a time, and each has an end.',
  back: 'To the service',
  readOnly: 'In production only owners add and end them; in the sandbox developers, too.',
  once: 'The new secret',
  onceText:
    'It is shown this once. Put it where the service keeps its secrets now; nobody can look it up, not even we.',
  have: 'What there is',
  none: 'There is no secret and no key yet.',
  kind: { secret: 'Secret', key: 'Public key' },
  kid: 'Key id (kid)',
  use: 'Used to',
  useOf: { sig: 'sign', enc: 'encrypt' },
  anyUse: 'sign and encrypt',
  created: 'Added',
  ends: 'Ends',
  ended: 'Ended',
  end: 'End it now',
  endText: 'From then on it is not accepted. If the service still uses it, citizens cannot sign in.',
  endButton: 'End it, I am sure',
  byAddress: (address) =>
    `Keys are fetched from ${address}; keys handed in have no say as long as this address is in the settings.`,
  addSecret: 'Add a secret',
  addSecretHint: 'The hub makes it, long and random.',
  days: 'Lasts (days)',
  daysHint: 'From 1 to 730. We write 60, 30 and 7 days before the end.',
  addSecretButton: 'Make a secret',
  addKey: 'Add a public key',
  jwk: 'Key',
  jwkHint: 'Paste a JWK (RFC 7517), a JWKS with one key, or a public key in PEM. Never paste a private key.',
  addKeyButton: 'Add the key',
  rotate: 'To replace one without a gap',
  rotateSteps: [
    'Add the new one here. The old one goes on working.',
    'Put the new one into the service, and see that citizens can still sign in.',
    'End the old one here.',
  ],
};
