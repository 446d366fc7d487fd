/** Owns what developers do with the fault simulator: have their own service's next sign-in answered wrongly, and see the score. */
import { moment } from '../../calendar.ts';
import { Refusal } from '../../errors.ts';
import { type FaultId, faultOf } from '../../simulator/faults.ts';
import { serviceFor } from '../access.ts';
import type { Operations } from '../operations.ts';
import type { DeveloperParts } from '../parts.ts';
import { clientIdOf } from '../ports.ts';

export function simulatorOperations(operations: Operations, { store, sandbox }: DeveloperParts): void {
  const simulator = () => {
    if (sandbox.simulator === undefined) throw new Refusal('not_possible_now');
    return sandbox.simulator;
  };

  operations.define('getSimulator', 'read', async (actor, { params }) => {
    const { service } = await serviceFor(store, actor, params.service, 'reader');
    const client = clientIdOf(service.id, 'sandbox');
    const { live } = service.sandbox;
    const [{ results, full }, armed, version] = await Promise.all([
      simulator().card(client),
      simulator().armed(client),
      live === undefined ? undefined : store.developer.services.version(service.id, 'sandbox', live),
    ]);
    return {
      values: {
        client_id: client,
        live: service.sandbox.state === 'live',
        ...(version ? { login_uri: version.settings.login_uri } : {}),
        full,
        ...(armed === undefined ? {} : { armed }),
        results: results.map(({ at, ...score }) => ({
          ...score,
          where: faultOf(score.fault).where,
          ...(at === undefined ? {} : { at: moment(at) }),
        })),
      },
    };
  });

  operations.define('armFault', 'write', async (actor, { params, body }) => {
    const { service } = await serviceFor(store, actor, params.service, 'developer', false);
    if (service.sandbox.state !== 'live') throw new Refusal('not_possible_now');
    const fault: FaultId = body.fault;
    // Of this very service: nobody else meets what it asked for.
    const { armedUntil } = await simulator().arm(clientIdOf(service.id, 'sandbox'), fault);
    return { values: { fault, armed_until: moment(armedUntil) } };
  });

  operations.define('disarmFault', 'write', async (actor, { params }) => {
    const { service } = await serviceFor(store, actor, params.service, 'developer', false);
    await simulator().disarm(clientIdOf(service.id, 'sandbox'));
    return { status: 204 };
  });
}
