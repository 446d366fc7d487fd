/** Owns what people of an agency see of the sign-ins at their service: numbers, and why the last ones failed. */
import { causeInWords } from '../../../views/texts/developer/sightings.ts';
import { dateInVietnam, moment } from '../../calendar.ts';
import { MOST_FAILURES } from '../../watching/sightings.ts';
import { summaryOf } from '../../watching/sightings-summary.ts';
import { serviceFor } from '../access.ts';
import type { Operations } from '../operations.ts';
import type { DeveloperParts } from '../parts.ts';
import { clientIdOf, type Environment } from '../ports.ts';

const DAY = 24 * 60 * 60 * 1000;
/** Days that are told of unless somebody wants more. */
const USUAL_DAYS = 30;

export function signInOperations(operations: Operations, { store, sandbox }: DeveloperParts): void {
  operations.define('getSignIns', 'read', async (actor, { params, query }) => {
    const { service } = await serviceFor(store, actor, params.service, 'reader');
    const environment: Environment = params.environment;
    const days: number = query.days ?? USUAL_DAYS;
    // Each issuer has seen its own.
    const { sightings } = environment === 'sandbox' ? sandbox.store : store;
    const client = clientIdOf(service.id, environment);
    const [from, to] = [dateInVietnam(actor.now - (days - 1) * DAY), dateInVietnam(actor.now)];
    const [counted, failures] = await Promise.all([
      sightings.countsOf(client, from, to),
      sightings.failuresOf(client, MOST_FAILURES),
    ]);
    const { answerP95, ...summary } = summaryOf(counted);
    return {
      values: {
        client_id: client,
        ...summary,
        ...(answerP95 === undefined ? {} : { answer_p95: answerP95 }),
        failures: failures.map(({ client: _client, at, cause, ...failed }) => ({
          ...failed,
          at: moment(at),
          cause,
          words: causeInWords(cause),
        })),
      },
    };
  });
}
