/** Owns the sandbox's mobile operator: the Mobile-ID REST interface for the hub, and a page for each phone. */
import { FaultSwitch, type Misbehaving } from '../faults.ts';
import type { Listener } from '../listener.ts';
import type { Registers } from '../registers.ts';
import { createService, serve } from '../service.ts';
import { FORGERIES, type Forgery } from './forgeries.ts';
import { interfaceRoutes, type RelyingParty } from './interface.ts';
import { STYLE } from './pages.ts';
import { phoneRoutes } from './phone.ts';
import { Sessions } from './sessions.ts';
import { SIM_POLICY, Subscriptions } from './subscriptions.ts';

export interface MobileOperator extends Misbehaving {
  /** Where the interface begins, and the phones' list. */
  readonly url: string;
  /** Its authority's own certificate, in DER. */
  readonly authority: Uint8Array;
  /** The policy of every certificate whose key is in a SIM. */
  readonly policy: string;
  /** Makes every signed answer wrong in one place; `undefined` makes it honest again. Phones always answer. */
  forge(forgery: Forgery | undefined): void;
  /** Forgets every push under way. */
  reset(): void;
}

export interface MobileOperatorSettings {
  readonly listener: Listener;
  readonly registers: Registers;
  readonly relyingParty: RelyingParty;
  /** Milliseconds a phone has to confirm; two minutes unless told. */
  readonly patience?: number;
}

/** Opens the operator at its listener; it ends when the listener closes. */
export async function openMobileOperator(settings: MobileOperatorSettings): Promise<MobileOperator> {
  const { listener, registers, relyingParty, patience = 120_000 } = settings;
  const subscriptions = await Subscriptions.begin(registers);
  const sessions = new Sessions(patience);
  const faults = new FaultSwitch();
  let forgery: Forgery | undefined;

  const application = createService({ 'style-src': ["'self'"], 'img-src': ['data:'], 'form-action': ["'self'"] });
  application.get('/style.css', (_request, response) => void response.type('css').send(STYLE));
  application.use('/authentication', faults.handler);
  application.use(interfaceRoutes({ registers, sessions, relyingParty }));
  application.use(phoneRoutes({ registers, sessions, subscriptions, forgery: () => forgery }));
  serve(application, listener);

  return {
    url: listener.url,
    authority: subscriptions.authority,
    policy: SIM_POLICY,
    faults,
    forgeries: FORGERIES,
    forge: (next) => {
      forgery = next;
    },
    reset: () => sessions.clear(),
  };
}
