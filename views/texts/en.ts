/** Owns every English word of the pages except the errors. */
import { buttonKitInEnglish } from './button-kit.en.ts';
import { catalogueInEnglish } from './catalogue.en.ts';
import { citizenInEnglish } from './citizen.en.ts';
import { developerInEnglish } from './developer.en.ts';
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
  citizen: citizenInEnglish,
  developer: developerInEnglish,

  chooseSource: {
    title: 'Choose how to sign in',
    lead: 'Use an account you already have. Passwords and PINs are typed only where they were issued; Liên Thông never sees them.',
    sources: 'Ways to sign in',
    closed: {
      not_strong_enough: 'Not strong enough for this service',
      not_for_this_service: 'Not offered for this service',
      unavailable: '{source} is unavailable. Please choose another way',
    },
    sharedComputer: 'This is a shared computer',
    sharedComputerHint: 'This browser will not stay signed in; next time you sign in again.',
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
      consent: 'Your consent, which you can withdraw at any time on My page at Liên Thông',
      law: 'Required by law',
    },
    byLaw: (citation) => `Required by ${citation}`,
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

  mobileNumbers: {
    title: 'Enter your phone and personal number',
    lead: 'A request to confirm will go to this phone. Type the PIN only there, never on this page.',
    labels: { phone: 'Phone number', personalNumber: 'Personal number' },
    hints: {
      phone: 'The one registered for signing with your operator',
      personalNumber: '12 digits, on your ID card',
    },
    wrong: {
      phone: 'This is not a mobile number. Please enter all 10 digits, such as 0912 345 678.',
      personalNumber: 'This is not a personal number. Please enter all 12 digits as on the card.',
    },
    proceed: 'Continue',
    other: 'Choose another way to sign in',
  },

  mobileWait: {
    title: 'Confirm on your phone',
    lead: (code) => `Enter your PIN only if the phone shows ${code}.`,
    code: 'Verification code',
    sending: 'Sending the request to your phone.',
    sent: 'The request is on your phone. This page moves on once you confirm.',
    differs: 'Another code on the phone means a request that is not yours: cancel it there.',
    look: 'Confirmed, but still on this page? Check again',
    other: 'Cancel, choose another way',
  },

  digitalSignature: {
    title: 'Sign in with a digital signature',
    lead: 'Your signing card or token confirms this sign-in. The PIN is typed in the Web eID window only, never on this page.',
    needed: 'What you need',
    neededList: [
      'A valid signing card or token from a recognised issuer',
      'A card reader, if you use a card',
      'Web eID: a program on the computer and an extension in the browser',
    ],
    sign: 'Sign to enter',
    noScript:
      'This way needs JavaScript, which is switched off in this browser. Switch it on and reload the page, or choose another way.',
    again: 'That signature can no longer be used',
    againText: 'More than five minutes have passed, or it was used once already. Please sign again.',
    told: {
      waiting:
        'Waiting for Web eID. Insert your card, choose the certificate and type the PIN in the window that opened.',
      cancelled: 'Cancelled in the Web eID window. You can sign again or choose another way.',
      timeout: 'That took too long. Check your card and reader, then sign again.',
      failed: 'Signing did not work. Take the card out, put it back and try again, or choose another way.',
    },
    lacking: {
      'no-extension': {
        title: 'This browser has no Web eID extension',
        steps: [
          'Open the Web eID site with the link below.',
          'Install the Web eID program and the extension for this browser. On an office computer, ask your administrator.',
          'Come back here and reload the page.',
        ],
      },
      'no-program': {
        title: 'This computer has no Web eID program',
        steps: [
          'The extension is there. Open the Web eID site with the link below.',
          'Install the Web eID program on the computer. On an office computer, ask your administrator.',
          'Come back here and reload the page.',
        ],
      },
      outdated: {
        title: 'Web eID on this computer is out of date',
        steps: [
          'Open the Web eID site with the link below.',
          'Install the newest program and extension.',
          'Come back here and reload the page.',
        ],
      },
    },
    where: 'Where to install Web eID (web-eid.eu)',
    reload: 'Reload the page',
    other: 'Choose another way to sign in',
  },

  error: {
    next: 'What to do next',
    otherSource: 'Choose another way to sign in',
    again: 'Try again',
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
    everywhere: 'Sign out everywhere',
    refuse: 'No, stay signed in',
  },

  signedOut: {
    title: 'You are signed out',
    lead: 'Your session on this browser has ended.',
    agencies: 'The services you had entered',
    told: 'Has been told that you signed out.',
    waiting: 'Is being told that you signed out, also after you close this page.',
    own: 'Please sign out at this service itself.',
    sources: 'Where you proved who you are',
    signOutAt: (source: string) => `Sign out at ${source}`,
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
    catalogue: 'Find a service',
    catalogueText: 'Every service you can sign in to with Liên Thông, by occasion in life.',
    cataloguePage: 'Open the list of services',
    own: 'Where your information is',
    ownText: 'See who received what, take it back, block a way to sign in, or download all of your data.',
    ownPage: 'Open My page',
    promises: 'Three promises',
    promiseList: [
      'Each agency receives only what you agreed to.',
      'Each agency knows you by a code of its own that no other agency can match.',
      'Passwords and PINs are typed only where your account was issued.',
    ],
    agencies: 'For agencies',
    agenciesText: 'Liên Thông is a standard OpenID Connect provider.',
    console: 'Register a service at the developer console',
    discovery: 'Discovery address',
    button: 'Sign-in button and sample code',
  },

  buttonKit: buttonKitInEnglish,

  catalogue: catalogueInEnglish,
};
