/** Owns every English word of the pages except the errors. */
import type { Texts } from './vi.ts';

export const english: Texts = {
  hub: 'Liên Thông',
  tagline: 'One sign-in for every public service',
  languageName: 'English',
  chooseLanguage: 'Language',
  skip: 'Skip to the main content',
  signingInTo: 'Signing in to',
  help: 'Help',
  callHotline: (number) => `Call the hotline ${number}`,
  incident: 'Incident number',
  required: 'Required',

  chooseSource: {
    title: 'Choose how to sign in',
    lead: 'Use an account you already have. Passwords and PINs are typed only where they were issued; Liên Thông never sees them.',
    sources: 'Ways to sign in',
    closed: {
      not_strong_enough: 'Not strong enough for this service',
      not_for_this_service: 'Not offered for this service',
      unavailable: 'Unavailable, please choose another way',
    },
    back: 'Back to the service',
  },

  consent: {
    title: (agency) => `${agency} asks to receive`,
    titleOfNothing: 'No personal data is shared',
    nothing: (agency) => `${agency} receives only a code of its own, to know you again next time.`,
    changed: 'Something has changed since you last agreed. Please look again.',
    given: 'What is sent',
    optional: 'Optional',
    optionalHint: 'Only what you tick is sent.',
    terms: 'What for, and for how long',
    purpose: 'Purpose',
    duration: 'Duration',
    until: (date) => `Until the end of ${date}`,
    basis: 'Basis',
    basisOf: {
      consent: 'Your consent, which you can withdraw at any time',
      law: 'Required by law',
    },
    items: {
      name: 'Full name',
      gender: 'Gender',
      birthdate: 'Birth date',
      place_of_birth: 'Place of birth',
      nationality: 'Nationality',
      personal_number: 'Personal number',
      tax_code: 'Tax code',
      social_insurance_number: 'Social insurance number',
      email: 'E-mail',
      phone: 'Phone number',
    },
    agree: 'Agree and continue',
    proceed: 'Continue',
    refuse: 'Refuse',
    stop: 'Do not continue',
  },

  continueAs: {
    title: 'You are signed in on this browser',
    lead: 'You can enter the service now without signing in again.',
    proceed: (name) => `Continue as ${name}`,
    other: 'Not me',
    shared: 'On a shared computer, check the name carefully before you continue.',
  },

  link: {
    title: 'Do these two accounts belong to one person?',
    lead: 'Once they are linked, you can sign in with either.',
    accounts: 'The two you just used',
    warning: 'Link them only if both accounts are your own.',
    agree: 'Link my two accounts',
    refuse: 'Do not link',
  },

  error: {
    next: 'What to do next',
    otherSource: 'Choose another way to sign in',
    restart: 'Start again',
    back: 'Back to the service',
    home: 'Go to the first page',
    call: 'Talk to somebody',
    tell: 'When you call, read out this incident number:',
    unnamed: { source: 'the way you chose', authority: 'the agency that issued the account', age: '14' },
  },

  signOut: {
    title: 'Sign out of Liên Thông?',
    lead: 'This also signs you out of the services you entered with Liên Thông on this browser.',
    agree: 'Sign out',
    refuse: 'No, stay signed in',
  },

  signedOut: {
    title: 'You are signed out',
    lead: 'Your session on this browser has ended.',
    agencies: 'These were asked to sign you out as well',
    shared: 'On a shared computer, please close the browser completely.',
    back: 'Back to the service',
  },

  formPost: {
    title: 'Returning to the service',
    lead: 'If this page does not move on by itself, please press the button below.',
    proceed: 'Continue',
  },

  helpPage: {
    title: 'Help',
    lead: 'If signing in is difficult, the hotline will guide you step by step.',
    incident: 'When you call, read out this incident number',
    incidentHint: 'It helps us find the sign-in you just tried. It holds no personal data.',
    never: 'Keep passwords, PINs and one-time codes to yourself',
    neverText: 'Never give them to anybody, not even the hotline. Whoever asks for them is a fraud: hang up.',
    sees: 'What Liên Thông knows',
    seesList: [
      'The way you signed in and the service you entered',
      'What the issuer of your account attests, kept only while you are signed in',
      'What you agreed to share, with which agency, until when',
    ],
    seesNot: 'What Liên Thông does not know',
    seesNotList: [
      'Your password, PIN or one-time code',
      'What you do in the service after signing in',
      'Your tax, insurance or health records',
    ],
    questions: 'Common questions',
    answers: [
      {
        question: 'The page says another browser?',
        answer: 'Open the service in the browser of your device, not from a link inside a chat app, and start again.',
      },
      {
        question: 'Your details differ?',
        answer: 'Ask whoever issued the account (tax, social insurance, operator) to update it to match your ID card.',
      },
      {
        question: 'Not strong enough?',
        answer: 'This service needs more than a password, such as MobileID or a digital signature.',
      },
    ],
  },

  home: {
    title: 'One sign-in for every public service',
    lead: 'Liên Thông lets you enter public services with an account you already have. There is nothing new to register.',
    steps: 'How it works',
    stepList: [
      'On the public service, press the Liên Thông sign-in button.',
      'Choose a way to sign in that you already have: tax code, social insurance number, MobileID or digital signature.',
      'See what would be sent, then agree or refuse.',
    ],
    promises: 'Three promises',
    promiseList: [
      'Each agency receives only what you agreed to.',
      'Each agency knows you by a code of its own that no other agency can match.',
      'Passwords and PINs are typed only where your account was issued.',
    ],
    agencies: 'For agencies',
    agenciesText: 'Liên Thông is a standard OpenID Connect provider.',
    discovery: 'Discovery address',
    button: 'Sign-in button and sample code',
  },
};
