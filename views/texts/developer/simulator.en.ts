/** Owns the English words of the page of the fault simulator. */
import type { simulatorInVietnamese } from './simulator.vi.ts';

export const simulatorInEnglish: typeof simulatorInVietnamese = {
  title: 'Fault simulator',
  lead: 'The sandbox answers wrongly when you ask for it, so that you see whether the service refuses. Only this service, only once, only in the sandbox.',
  card: 'Score card',
  score: (passed, all) => `${passed} of ${all} passed`,
  full: 'It is full. The service may ask for production.',
  notFull: 'It is not full yet. Production asks for a full card, no result older than 90 days.',
  notLive: 'The service is not live in the sandbox. Publish its draft first.',
  armed: (fault) => `The next sign-in will meet: ${fault}. It waits for half an hour.`,
  start: 'Open the service and sign in',
  disarm: 'No, answer rightly',
  faults: 'The faults',
  faultsHint:
    'First sign in once without a fault, up to /userinfo. Then, for each fault: press the button, open the service, sign in. The result is there after about ten seconds.',
  result: 'Latest result',
  wrong: 'What is wrong',
  should: 'What the service has to do',
  libraries: 'In libraries',
  deliver: 'Deliver at the next sign-in',
  api: 'The whole list by API',
  apiText:
    'With an API token that may read and write. sign-in.sh is yours: it signs in once at the service, as your automatic tests do.',
  apiHint: 'The last answer has full: true when every fault was passed.',
};
