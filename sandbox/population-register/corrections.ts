/** Owns the corrections that the population register was asked for: taken in from the hub, decided by a clerk. */
import express, { type Request, type RequestHandler, Router, urlencoded } from 'express';
import { z } from 'zod';
import { RegisterFormError, type Registers } from '../registers.ts';
import { type ClerkLanguage, clerkPage } from './clerk-page.ts';

const asked = z.strictObject({
  case: z.string().regex(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/),
  number: z.string().regex(/^[0-9]{9,12}$/),
  attribute: z.enum(['name', 'birthdate', 'gender', 'place_of_birth', 'nationality', 'personal_number']),
  should_be: z.string().min(1).max(200),
  text: z.string().max(2_000),
});

export interface AskedCorrection extends z.infer<typeof asked> {
  readonly answer?: string;
}

const decided = z.object({
  case: z.string(),
  decision: z.enum(['accept', 'refuse']),
  answer: z.string().trim().min(1).max(2_000),
});

/** What an attribute is called in the register. */
const FIELDS = {
  name: 'name',
  birthdate: 'birthDate',
  gender: 'gender',
  place_of_birth: 'birthPlace',
  nationality: 'nationality',
  personal_number: 'personalNumber',
} as const;

export class PopulationCorrections {
  readonly #registers: Registers;
  #asked = new Map<string, AskedCorrection>();

  constructor(registers: Registers) {
    this.#registers = registers;
  }

  get all(): readonly AskedCorrection[] {
    return [...this.#asked.values()].reverse();
  }

  /** For the hub, which shows its key, and for the clerk, who in real life would sign in. */
  routes(onlyWithKey: RequestHandler): Router {
    const routes = Router();
    routes.post('/corrections', onlyWithKey, express.json({ limit: '16kb' }), (request, response) => {
      const { data } = asked.safeParse(request.body);
      if (data === undefined) return void response.status(400).json({ error: 'invalid_request' });
      const taken = this.#take(data);
      response.status(taken ? 202 : 404).json(taken ? { case: data.case, state: 'open' } : { error: 'not_found' });
    });
    routes.get('/corrections/:case', onlyWithKey, (request, response) => {
      const found = this.#asked.get(String(request.params.case));
      if (found === undefined) return void response.status(404).json({ error: 'not_found' });
      const { answer } = found;
      response.json(answer === undefined ? { state: 'open' } : { state: 'decided', answer });
    });

    const page = (request: Request) => clerkPage(languageOf(request), this.all).toString();
    routes.get('/clerk', (request, response) => void response.send(page(request)));
    routes.post('/clerk', urlencoded({ extended: false, limit: '16kb' }), (request, response) => {
      const { data } = decided.safeParse(request.body ?? {});
      if (data === undefined || !this.decide(data)) return void response.status(409).send(page(request));
      response.redirect(303, '/clerk');
    });
    return routes;
  }

  /** A clerk decides, once; `false` when there is nothing to decide, or what was asked for is not of the register's form. */
  decide({ case: number, decision, answer }: z.infer<typeof decided>): boolean {
    const found = this.#asked.get(number);
    if (found === undefined || found.answer !== undefined) return false;
    if (decision === 'accept' && !this.#correct(found)) return false;
    this.#asked.set(number, { ...found, answer });
    return true;
  }

  /** As if nothing had been asked for. */
  forget(): void {
    this.#asked = new Map();
  }

  /** To be asked for the same case again is the same as once. */
  #take(correction: AskedCorrection): boolean {
    if (this.#registers.holdersOf(correction.number).length !== 1) return false;
    if (!this.#asked.has(correction.case)) this.#asked.set(correction.case, correction);
    return true;
  }

  #correct({ number, attribute, should_be }: AskedCorrection): boolean {
    const login = this.#registers.holdersOf(number)[0]?.personalNumber;
    const value = attribute === 'place_of_birth' ? { code: '', text: should_be } : should_be;
    try {
      return login != null && this.#registers.change('population', login, { [FIELDS[attribute]]: value }) !== undefined;
    } catch (error) {
      if (error instanceof RegisterFormError) return false;
      throw error;
    }
  }
}

const languageOf = (request: Request): ClerkLanguage => (request.acceptsLanguages('vi', 'en') === 'en' ? 'en' : 'vi');
