/** Owns what citizens read in English when something goes wrong. Short, polite, nothing about the person. */
import type { ErrorCode, ErrorText } from '../../src/errors.ts';

export const errorsInEnglish: Readonly<Record<ErrorCode, ErrorText>> = {
  not_a_person: {
    title: 'This is not a personal account',
    text: 'The account you used belongs to an organisation or a company. Only individuals can sign in here.',
    next: 'Please sign in with an account in your own name.',
  },
  needs_second_source: {
    title: 'A second way to sign in is needed to be sure it is you',
    text: 'The account you used does not hold a personal number, so we cannot be certain whose it is.',
    next: 'Please sign in once more, another way. You only need to do this once.',
  },
  register_unavailable: {
    title: 'The population register is unavailable',
    text: 'Your details cannot be checked right now. You did nothing wrong.',
    next: 'Please come back in a few minutes.',
  },
  person_not_found: {
    title: 'This personal number was not found',
    text: 'The personal number held with this account is not in the population register.',
    next: 'Please ask {authority} to check the number, or choose another way to sign in.',
  },
  ambiguous: {
    title: 'We cannot be sure who this is',
    text: 'The document number held with this account does not point to exactly one person.',
    next: 'Please choose a way to sign in that holds a 12-digit personal number, or ask {authority} to update yours.',
  },
  identity_mismatch: {
    title: 'Your details differ',
    text: 'The details held with this account differ from the population register. We stopped to keep you safe.',
    next: 'Please contact {authority} to check and correct them, or choose another way to sign in.',
  },
  account_changed: {
    title: 'Frozen: the holder of this account has changed',
    text: 'This account or phone number now belongs to somebody else, so for now nobody can sign in with it.',
    next: 'Please choose another way to sign in. To have it unlocked, call the hotline.',
  },
  person_deceased: {
    title: 'Sign-in is not possible',
    text: 'The population register records this person as deceased.',
    next: 'If that is wrong, please contact your commune to have it corrected.',
  },
  guardian_required: {
    title: 'A parent or guardian is needed',
    text: 'People under {age} cannot sign in on their own.',
    next: 'Please ask a parent or guardian to sign in with their own account and do this for you.',
  },
  person_locked: {
    title: 'Sign-in is locked',
    text: 'Signing in through Liên Thông has been locked for this person, whichever way to sign in is chosen.',
    next: 'Please call the hotline to learn why and have it unlocked.',
  },
  source_blocked: {
    title: 'This way to sign in is blocked',
    text: 'Its owner has blocked signing in with {source}.',
    next: 'Please choose another way to sign in. To unblock it, go to My page by another way, or call the hotline.',
  },
  source_suspended: {
    title: 'This way to sign in is suspended',
    text: 'Somebody reported that a sign-in with {source} was not theirs, so it has been stopped to keep the account safe.',
    next: 'Please sign in by a stronger way to open it again, or call the hotline.',
  },
  link_too_weak: {
    title: 'A stronger sign-in is needed to link',
    text: 'To add a way to sign in, confirm it with the strongest way that is linked already.',
    next: 'Please sign in with your strongest way, then link the other one.',
  },
  sign_in_needed: {
    title: 'Please sign in',
    text: 'This page opens only for somebody who is signed in, or the session has ended.',
    next: 'Please sign in and open the page again.',
  },
  stronger_sign_in_needed: {
    title: 'A stronger sign-in is needed',
    text: 'This change needs a fresh sign-in with the strongest way that is linked.',
    next: 'Please sign in again, or choose to wait 7 days where that is offered.',
  },
  form_outdated: {
    title: 'This page is out of date',
    text: 'The page was opened in another session, so nothing was changed.',
    next: 'Please open the page again and try once more.',
  },
  last_way: {
    title: 'Your last way to sign in cannot be removed',
    text: 'There would be no way left to sign in.',
    next: 'Please link another way to sign in first.',
  },
  source_in_use: {
    title: 'This way to sign in is in use',
    text: 'This session was signed in with this very way, so to block or remove it ends the session, too.',
    next: 'If that is what you want, tick the box that says so on the page of the ways to sign in. If not, sign in by another way first.',
  },
  contact_invalid: {
    title: 'This address is not right',
    text: 'The mail address or phone number is not written as one.',
    next: 'Please check it and enter it again.',
  },
  contact_code_wrong: {
    title: 'The code is not right',
    text: 'What was entered is not the code that was sent.',
    next: 'Please enter the newest code again.',
  },
  contact_code_expired: {
    title: 'The code has expired',
    text: 'The code is too old, was used already or was entered wrongly too often.',
    next: 'Please ask for a new code.',
  },
  contact_code_limit: {
    title: 'Too many codes were asked for',
    text: 'Too many codes were asked for in a short time.',
    next: 'Please try again in an hour.',
  },
  link_used: {
    title: 'This link has been used',
    text: 'What it does was done already and is not done twice.',
    next: 'If you need help, please call the hotline.',
  },
  erasure_held: {
    title: 'Your data cannot be erased yet',
    text: 'A way to sign in is frozen, the account is locked, or a case is still open.',
    next: 'Please wait until the case is settled, then ask again.',
  },
  change_gone: {
    title: 'This change does not wait any more',
    text: 'It has been carried out or stopped already.',
    next: 'Please look at My page again.',
  },
  no_contact: {
    title: 'There is no contact to tell',
    text: 'Waiting 7 days is only possible when there is a mail address or phone that can be told.',
    next: 'Please sign in with the strongest way that is linked.',
  },
  too_many_cases: {
    title: 'Too many cases are open',
    text: 'There are 20 cases of yours that were not answered yet.',
    next: 'Please wait until some of them are answered, or call the hotline.',
  },
  withdrawal_not_possible: {
    title: 'This cannot be withdrawn here',
    text: 'This agency receives the information because the law says so, not because of a consent.',
    next: 'If you do not agree, please object under My rights.',
  },

  source_cancelled: {
    title: 'Sign-in was cancelled',
    text: 'Signing in with {source} was cancelled. Nothing has been shared.',
    next: 'Please try again or choose another way.',
  },
  source_timeout: {
    title: 'Time has run out',
    text: 'No confirmation arrived from {source}.',
    next: 'Please try again and confirm as soon as you are asked, or choose another way.',
  },
  source_account_locked: {
    title: 'This account is locked',
    text: 'The agency that keeps this account has locked it.',
    next: 'Please contact {authority} to have it unlocked, or choose another way.',
  },
  source_unavailable: {
    title: '{source} is unavailable',
    text: 'This way to sign in does not work at the moment. You did nothing wrong.',
    next: 'Please choose another way, or try again in a few minutes.',
  },
  source_answer_invalid: {
    title: 'The answer could not be confirmed',
    text: 'What we received from {source} was not valid, so it was not used.',
    next: 'Please try again or choose another way.',
  },
  source_not_allowed: {
    title: 'This way cannot be used here',
    text: 'The way you chose is not strong enough, or is not offered for this service.',
    next: 'Please choose one of the ways that are open.',
  },
  phone_absent: {
    title: 'Your phone could not be reached',
    text: 'The phone is switched off or has no signal.',
    next: 'Please switch it on, check the signal and try again, or choose another way.',
  },
  delivery_error: {
    title: 'The request did not reach your phone',
    text: 'The operator could not deliver the request to your phone.',
    next: 'Please try again in a few minutes, or choose another way.',
  },
  sim_error: {
    title: 'The SIM card did not sign',
    text: 'The SIM card in the phone did not answer the request.',
    next: 'Please switch the phone off and on and try once more. If it fails again, contact your operator.',
  },
  signature_invalid: {
    title: 'The signature is not valid',
    text: 'The signature we received does not belong to this sign-in, so it was not accepted.',
    next: 'Please try again or choose another way.',
  },
  not_a_subscriber: {
    title: 'Not registered for mobile signing',
    text: 'This phone number and this personal number are not registered together for mobile signing.',
    next: 'Please check both numbers, register with your operator, or choose another way.',
  },
  certificate_revoked: {
    title: 'The certificate is no longer valid',
    text: 'This certificate has been revoked or suspended.',
    next: 'Please contact whoever issued it, or choose another way to sign in.',
  },
  certificate_expired: {
    title: 'The certificate has expired',
    text: 'The time for which this certificate was issued is over.',
    next: 'Please renew it where it was issued, or choose another way to sign in.',
  },
  certificate_not_trusted: {
    title: 'The certificate is not recognised',
    text: 'Whoever issued this certificate is not on the list of recognised issuers.',
    next: 'Please use a certificate from a recognised issuer, or choose another way to sign in.',
  },
  certificate_not_yet_valid: {
    title: 'The certificate is not valid yet',
    text: 'The first day of this certificate has not come yet.',
    next: 'Please look at the dates on the certificate, or choose another way to sign in.',
  },
  certificate_purpose: {
    title: 'This certificate is not for signing in',
    text: 'The certificate you chose was issued for another purpose.',
    next: 'Please choose your authentication certificate, or choose another way to sign in.',
  },
  certificate_policy: {
    title: 'This kind of certificate is not accepted',
    text: 'The certificate you chose is not of a kind that can be used to sign in here.',
    next: 'Please choose another certificate, or choose another way to sign in.',
  },
  certificate_unknown: {
    title: 'The issuer does not know this certificate',
    text: 'Whoever issued this certificate answered that they do not know it. A new one may take a while to become known.',
    next: 'Please contact whoever issued it, or choose another way to sign in.',
  },
  certificate_status_unknown: {
    title: 'The certificate could not be checked',
    text: 'Whether this certificate has been revoked could not be found out at the moment. You did nothing wrong.',
    next: 'Please try again in a few minutes, or choose another way to sign in.',
  },

  other_browser: {
    title: 'This page was opened in another browser',
    text:
      'This sign-in began in a different browser, or too long ago. ' +
      'It often happens when a link is opened inside a chat app such as Zalo or Messenger.',
    next:
      'Please open the service in your usual browser and start again. ' +
      'If somebody sent you this link and asked you to sign in, please do not.',
  },
  request_expired: {
    title: 'Time has run out',
    text: 'This sign-in has expired, or this step is already done. The browser’s back button also leads here.',
    next: 'Please start again from the service.',
  },
  client_unknown: {
    title: 'This service is not registered',
    text: 'The website you came from is not registered to use Liên Thông.',
    next: 'Please check the website’s address, or tell the agency that runs it.',
  },
  client_suspended: {
    title: 'This service is paused',
    text: 'For now nobody can sign in to this service: its agency, or Liên Thông, has paused it. You did nothing wrong.',
    next: 'Please come back later, or ask the agency when its service opens again.',
  },
  redirect_uri_unknown: {
    title: 'We cannot send you back to this service',
    text: 'The return address is not one the agency has registered. We stopped to keep you safe.',
    next: 'Please check the website’s address, or tell the agency that runs it.',
  },
  request_invalid: {
    title: 'The request was not right',
    text: 'The service sent a request that we could not read.',
    next: 'Please start again from the service. If it fails again, tell the agency that runs it.',
  },
  cross_site_request: {
    title: 'The request came from another site',
    text: 'This request was not sent from a page of Liên Thông, so it was blocked.',
    next: 'Please start again from the service.',
  },
  too_weak: {
    title: 'Not strong enough',
    text: 'This service needs a safer way to sign in.',
    next: 'Please choose a stronger way to sign in, such as MobileID or a digital signature.',
  },
  another_person: {
    title: 'The two sign-ins are not the same person',
    text: 'The extra check was passed by somebody other than the person signed in.',
    next: 'Please use your own account for the check, or sign out and sign in again.',
  },
  consent_refused: {
    title: 'You chose to refuse',
    text: 'Nothing has been shared.',
    next: 'You can go back to the service, or start again whenever you wish.',
  },
  sign_out_invalid: {
    title: 'You are not signed out yet',
    text: 'The sign-out request was not right or has expired.',
    next: 'Please sign out again from the service. On a shared computer, close the browser completely.',
  },

  session_needed: {
    title: 'Only for somebody who is signed in',
    text: 'This needs somebody who is signed in to the console; an API token cannot do it.',
    next: 'Sign in to the developer console and do it there.',
  },
  scope_missing: {
    title: 'The API token may not do this',
    text: 'This API token lacks the scope that this operation asks for.',
    next: 'Make a new token with the scope that is needed.',
  },
  role_too_small: {
    title: 'Your role does not allow this',
    text: 'This needs a larger role in the agency.',
    next: 'Ask an owner of the agency to do it, or to change your role.',
  },
  introduction_needed: {
    title: 'You have not introduced yourself',
    text: 'Colleagues need to know who did what, so your name and work address come first.',
    next: 'Open your account and fill in the two fields.',
  },
  settings_invalid: {
    title: 'Something in it is not right',
    text: 'Some fields are not right; the reason stands beside each.',
    next: 'Mend these fields and send it again.',
  },
  logo_refused: {
    title: 'This picture is not taken',
    text: 'A logo is a PNG or a harmless SVG; the reason is told beside.',
    next: 'Mend the file and upload it again.',
  },
  edited_meanwhile: {
    title: 'Somebody else has just changed it',
    text: 'It is no longer as you saw it; nothing was written.',
    next: 'Look at it as it is now, and do it again.',
  },
  id_taken: {
    title: 'This id is taken',
    text: 'There is an agency or a service with this id.',
    next: 'Choose another.',
  },
  last_owner: {
    title: 'This is the last owner',
    text: 'An agency always has at least one owner.',
    next: 'Make somebody else an owner first.',
  },
  invitation_gone: {
    title: 'This invitation is over',
    text: 'It was used, taken back, or has run out.',
    next: 'Ask for a new one.',
  },
  credential_limit: {
    title: 'There are two of them already',
    text: 'Two secrets, or two keys for a purpose, are live at a time.',
    next: 'End the older one before you add another.',
  },
  limit_reached: {
    title: 'That is as many as there may be',
    text: 'No more of them are kept.',
    next: 'Remove what is no longer needed.',
  },
  not_ready_for_production: {
    title: 'Not ready for production',
    text: 'Something is still missing; each thing is told beside.',
    next: 'See to them, and submit again.',
  },
  own_submission: {
    title: 'Nobody approves their own',
    text: 'Whoever wrote or submitted this, or has decided already, cannot approve it.',
    next: 'Ask another owner, or wait for the registrar.',
  },
  not_possible_now: {
    title: 'Not possible as it is now',
    text: 'In its present state this cannot be done.',
    next: 'Look at its present state first.',
  },
  store_unavailable: {
    title: 'The system is unavailable',
    text: 'Liên Thông cannot serve you at the moment. You did nothing wrong, and what you had confirmed is kept.',
    next: 'Please try again in a moment: load this page again, or start again at the service.',
  },
  internal_error: {
    title: 'Something went wrong',
    text: 'An error happened on our side. It has been recorded.',
    next: 'Please start again. If it happens again, call the hotline and read out the incident number.',
  },
  not_found: {
    title: 'This page was not found',
    text: 'The address may be mistyped, or the page may have moved.',
    next: 'Please check the address, or start again from the service.',
  },
  method_not_allowed: {
    title: 'This page cannot be opened this way',
    text: 'It opens only from the previous step of a sign-in.',
    next: 'Please start again from the service.',
  },
  too_large: {
    title: 'Too much was sent',
    text: 'The system does not accept that much at once.',
    next: 'Please start again from the service.',
  },
  too_many_requests: {
    title: 'Too many attempts',
    text: 'To keep everybody safe, requests from here are paused.',
    next: 'Please wait a few minutes and try again.',
  },

  configuration_invalid: {
    title: 'The configuration is not right',
    text: 'A setting is missing or wrong, so the hub did not start.',
    next: 'Correct the settings named and start again.',
  },
  port_taken: {
    title: 'The port is taken',
    text: 'Another program is using this network port.',
    next: 'Stop that program or choose another port.',
  },
  store_locked: {
    title: 'The store is in use',
    text: 'Another process of the hub has this store open.',
    next: 'Stop that process and start again.',
  },
  store_newer: {
    title: 'The store is newer than this program',
    text: 'The store was written by a later version of the software.',
    next: 'Run that later version, or restore an older backup.',
  },
  store_unreadable: {
    title: 'The store cannot be read',
    text: 'The file is damaged, not permitted, or encrypted with other keys.',
    next: 'Check permissions and keys, or restore a backup.',
  },
  keys_missing: {
    title: 'Keys are missing',
    text: 'The keys the hub signs and encrypts with are not there.',
    next: 'Create the keys, say where they are, and start again.',
  },
  keys_invalid: {
    title: 'A key cannot be used',
    text: 'A key is malformed, too short, or of the wrong kind.',
    next: 'Replace the key named and start again.',
  },
};
