/** Owns the English words of what is sent to people: letters and text messages. */
import type { NoticesTexts } from './notices.vi.ts';

const LINK =
  'If it was you, there is nothing to do. If it was not, open this link; it works once, for 10 days, and asks for no password:';
const CHECK = 'If it was not you, call the hotline at once, or look at My page:';

export const noticesInEnglish: NoticesTexts = {
  labels: {
    at: 'When',
    agency: 'Agency',
    source: 'Way to sign in',
    device: 'Device',
    change: 'Change',
    due: 'Will be made at',
    case: 'Case number',
    answerBy: 'Answered by',
    until: 'Good until',
  },
  inVietnam: (moment) => `${moment} (Viet Nam time)`,
  closing: (hotline) =>
    `Liên Thông never asks for your password, PIN or one-time code. Whoever asks is a fraud.\nNeed help? Call ${hotline}. This mail was sent by a machine, please do not answer it.`,
  smsClosing: 'Liên Thông never asks for passwords.',
  new_sign_in: {
    device: {
      subject: 'Sign-in on a new device',
      says: 'There was a sign-in through Liên Thông on a device that was not used before.',
      next: LINK,
      sms: 'sign-in on a new device',
      smsNext: 'Not you?',
    },
    source: {
      subject: 'Sign-in by a new way',
      says: 'A new way to sign in was linked and used for the first time.',
      next: LINK,
      sms: 'sign-in by a new way',
      smsNext: 'Not you?',
    },
  },
  contact_changed: {
    added: (kind) => ({
      subject: 'A contact was added',
      says: `${kind} was added as a contact at Liên Thông.`,
      next: CHECK,
      sms: `a contact was added: ${kind}.`,
      smsNext: 'Not you?',
    }),
    replaced: (kind) => ({
      subject: 'A contact was changed',
      says: `A contact at Liên Thông was changed: ${kind}. This goes to the old address, too.`,
      next: CHECK,
      sms: `a contact was changed: ${kind}.`,
      smsNext: 'Not you?',
    }),
    removed: (kind) => ({
      subject: 'A contact was removed',
      says: `A contact at Liên Thông was removed: ${kind}. This goes to the removed address, too.`,
      next: CHECK,
      sms: `a contact was removed: ${kind}.`,
      smsNext: 'Not you?',
    }),
  },
  change_waits: {
    subject: 'A change is waiting to be made',
    says: 'A change was asked for on My page. It waits a while, so that you can stop it in time.',
    next: 'If it was you, there is nothing to do. If it was not, open this link to stop it; it asks for no password:',
    sms: 'a change waits until',
    smsNext: 'Not you? Stop it:',
  },
  change_stopped: {
    subject: 'A change was stopped',
    says: 'The change that was waiting was stopped and will not be made.',
    next: 'If it was not you, call the hotline, or look at My page:',
    sms: 'a change that was waiting was stopped.',
  },
  change_carried_out: {
    done: {
      subject: 'A change was made',
      says: 'The change has waited its time and was made just now.',
      next: CHECK,
      sms: 'a change was made.',
    },
    impossible: {
      subject: 'A change could not be made',
      says: 'The change has waited its time but is not possible any more, so nothing was changed.',
      next: 'You can ask for it again on My page:',
      sms: 'a change could not be made; nothing was changed.',
    },
  },
  not_me: {
    subject: 'A way to sign in was suspended',
    says: 'Somebody said that a sign-in was not yours. That way to sign in is suspended until this is settled.',
    next: 'Better change the password where the account is from. Other ways still lead to My page:',
    sms: 'a way to sign in was suspended, because a sign-in was said not to be yours.',
  },
  case_opened: {
    subject: 'Your request has arrived',
    says: 'Liên Thông has received a request of yours and will answer it in time.',
    next: 'Look at the request on My page:',
    sms: 'your request has arrived.',
  },
  case_advanced: {
    open: {
      subject: 'Your request is waiting',
      says: 'Your request is waiting to be worked on.',
      next: 'Look at the request on My page:',
      sms: 'your request is waiting.',
    },
    acknowledged: {
      subject: 'Your request is being worked on',
      says: 'Somebody has taken on your request and is working on it.',
      next: 'Look at the request on My page:',
      sms: 'your request is being worked on.',
    },
    forwarded: {
      subject: 'Your request was forwarded',
      says: 'Your request was forwarded to the agency in charge.',
      next: 'Look at the request on My page:',
      sms: 'your request was forwarded to the agency in charge.',
    },
    answered: {
      subject: 'Your request was answered',
      says: 'Your request was answered.',
      next: 'Read the answer on My page:',
      sms: 'your request was answered.',
    },
  },
  person_erased: {
    subject: 'Your data was erased',
    says: 'Your data at Liên Thông, this address too, was erased as requested. This is the last mail.',
    next: '',
    sms: 'your data, this number too, was erased as requested. This is the last message.',
  },
  code: {
    subject: 'Confirmation code of Liên Thông',
    says: (code) =>
      `Code to confirm a contact: ${code}\n\nIt works once, for 10 minutes, and is typed on My page at Liên Thông only. Read it to nobody.`,
    next: 'If you did not ask for this code, ignore this mail: nothing changes.',
    sms: (code) => `code ${code}, good for 10 minutes. Read it to nobody. Did not ask for it? Ignore this.`,
  },
  contactKind: { mail: 'Mail address', phone: 'Telephone number' },
};
