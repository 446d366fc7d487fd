/**
 * Owns what every page of the console has in common. A page shows what operations answer, and each of its forms calls one:
 * so a page can do nothing that the API cannot, and checks nothing that the API does not.
 */
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type {
  Attempt,
  DeveloperFrame,
  DeveloperPage,
  DeveloperRoom,
  PublicDeveloperRoom,
} from '../../views/developer.ts';
import { reasonOf } from '../../views/texts/developer/problems.ts';
import { errorOf, Refusal } from '../errors.ts';
import { DEVELOPER } from '../own-pages/own-page.ts';
import { isFormOf } from '../own-pages/visit.ts';
import { sameSiteOnly } from '../web/same-site.ts';
import { type Actor, actorOf } from './actor.ts';
import type { ConsoleParts } from './console.ts';
import type { Brought } from './contract.ts';
import type { Operations, Outcome } from './operations.ts';
import { Objections } from './refusals.ts';
import { uploaded, withoutFiles } from './uploads.ts';

const LARGEST_FORM = '128kb';
const MOST_FIELDS = 500;

/** Fields of a form, each as it was typed; of boxes with one name all that are ticked, parted by a line. */
export type Fields = Readonly<Record<string, string>>;

export interface Looking {
  readonly actor: Actor;
  /** Of the path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** What was sent a moment ago and is wrong. */
  readonly attempt?: Attempt;
  /** Calls an operation as whoever is looking. */
  // biome-ignore lint/suspicious/noExplicitAny: as its contract says
  readonly call: (operation: string, brought?: Partial<Brought>) => Promise<Outcome<any>>;
}

type Look = (looking: Looking) => Promise<DeveloperRoom>;

export interface Form {
  /** The operation it calls. */
  readonly operation: string;
  /** What is in it for the operation. */
  readonly read: (fields: Fields, params: Readonly<Record<string, string>>) => Partial<Brought>;
  /** Where the browser goes on, below the console; or a page that is shown once, as with a secret. */
  // biome-ignore lint/suspicious/noExplicitAny: as its contract says
  readonly goOn: (outcome: Outcome<any>, looking: Looking) => string | Promise<string | DeveloperRoom>;
  /** The page it stands on, shown again with what is wrong: its path as `show` has it. */
  readonly on: string;
}

/** A form that calls no operation: what it begins only this browser can go on with. */
export interface OwnForm extends Pick<Form, 'on'> {
  readonly run: (looking: Looking, fields: Fields, response: Response) => Promise<string | DeveloperRoom>;
}

type Answer = (looking: Looking, request: Request, response: Response) => Promise<void>;

export interface Pages {
  readonly router: Router;
  show(path: string, look: Look): void;
  /** A page for everybody; who is signed in sees it as part of the console. */
  showToAll(path: string, look: () => Promise<PublicDeveloperRoom>): void;
  form(path: string, form: Form): void;
  /** A form that sends files, each of them a field with its content in base64; cut off where it is larger than a logo. */
  upload(path: string, form: Form): void;
  ownForm(path: string, form: OwnForm): void;
  /** An address that makes its answer itself, for whoever is signed in. */
  answer(path: string, make: Answer): void;
}

/** The frame in which pages are built. */
export function createPages(operations: Operations, parts: ConsoleParts): Pages {
  const { presentation, store, visits } = parts;
  const router = express.Router();
  const looks = new Map<string, Look>();

  async function lookingOf(request: Request, attempt?: Attempt): Promise<Looking | undefined> {
    const actor = await actorOf(parts, request);
    if (actor?.visit === undefined) return undefined;
    return {
      actor,
      params: request.params as Record<string, string>,
      query: request.query as Record<string, string>,
      ...(attempt ? { attempt } : {}),
      call: (operation, brought) => operations.call(operation, actor, brought),
    };
  }

  async function frameOf(actor: Actor): Promise<DeveloperFrame> {
    const [self, registrar] = await Promise.all([
      store.developer.accounts.find(actor.account),
      store.developer.registrars.is(actor.account),
    ]);
    return { name: self?.name ?? '', registrar, formToken: actor.visit?.formToken ?? '' };
  }

  async function send(request: Request, response: Response, { actor, attempt }: Looking, room: DeveloperRoom) {
    const developer = await frameOf(actor);
    const page: DeveloperPage = { ...room, developer, ...(attempt ? { attempt } : {}) };
    if (attempt) response.status(errorOf('settings_invalid').status);
    presentation.send(request, response, page);
  }

  function show(path: string, look: Look): void {
    looks.set(path, look);
    router.get(path, async (request, response) => {
      const looking = await lookingOf(request);
      if (looking === undefined) return response.redirect(303, signIn(request.originalUrl));
      await send(request, response, looking, await look(looking));
    });
  }

  function showToAll(path: string, look: () => Promise<PublicDeveloperRoom>): void {
    router.get(path, async (request, response) => {
      const actor = await actorOf(parts, request);
      const room = await look();
      presentation.send(request, response, actor?.visit ? { ...room, developer: await frameOf(actor) } : room);
    });
  }

  function answer(path: string, make: Answer): void {
    router.get(path, async (request, response) => {
      const looking = await lookingOf(request);
      if (looking === undefined) return response.redirect(303, signIn(request.originalUrl));
      await make(looking, request, response);
    });
  }

  function form(path: string, wanted: Form): void {
    ownForm(path, calling(wanted));
  }

  function ownForm(path: string, wanted: OwnForm): void {
    const parse = express.urlencoded({ extended: false, limit: LARGEST_FORM, parameterLimit: MOST_FIELDS });
    receive(path, [parse], wanted);
  }

  function upload(path: string, wanted: Form): void {
    receive(
      path,
      uploaded(async (request) => (await visits.of(request)) !== undefined),
      calling(wanted),
    );
  }

  function receive(path: string, parse: readonly RequestHandler[], { on, run }: OwnForm): void {
    router.post(path, sameSiteOnly(parts.issuer), ...parse, async (request, response) => {
      request.pagePath = pathOf(on, request.params as Record<string, string>);
      const visit = await visits.of(request);
      if (visit === undefined) throw new Refusal('sign_in_needed');
      const { form_token: token, ...fields } = fieldsOf(request);
      if (!isFormOf(visit, token)) throw new Refusal('form_outdated');
      const looking = (await lookingOf(request))!;
      try {
        const next = await run(looking, fields, response);
        if (typeof next === 'string') return response.redirect(303, `${DEVELOPER.path}${next}`);
        await send(request, response, looking, next);
      } catch (error) {
        if (error instanceof Refusal && error.code === 'stronger_sign_in_needed')
          return send(request, response, looking, {
            page: 'developer/sign-in-again',
            signIn: `${signIn(request.pagePath)}&fresh=yes&level=loa3`,
            back: request.pagePath,
          });
        const attempt = attemptOf(error, withoutFiles(fields, request));
        if (attempt === undefined) throw error;
        const again = { ...looking, attempt };
        await send(request, response, again, await looks.get(on)!(again));
      }
    });
  }

  return { router, show, showToAll, form, upload, ownForm, answer };
}

const calling = ({ operation, read, goOn, on }: Form): OwnForm => ({
  on,
  run: async (looking, fields) => goOn(await looking.call(operation, read(fields, looking.params)), looking),
});

const signIn = (back: string) => `${DEVELOPER.path}/sign-in?${new URLSearchParams({ back })}`;

/** A path with its parameters in place. */
function pathOf(path: string, params: Readonly<Record<string, string>>): string {
  const filled = path.replace(/:(\w+)/g, (_, name) => encodeURIComponent(params[name] ?? ''));
  return `${DEVELOPER.path}${filled === '/' ? '' : filled}`;
}

/** Fields by name; a file or a nested field is none. */
function fieldsOf({ body = {} }: Request): Fields {
  const text = (value: unknown) => (Array.isArray(value) ? value.join('\n') : String(value ?? ''));
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, text(value)]));
}

/** What is wrong, for the page to say beside each field; nothing for what is no mistake of a form's. */
function attemptOf(error: unknown, fields: Fields): Attempt | undefined {
  if (!(error instanceof Refusal) || ![400, 409, 422].includes(errorOf(error.code).status)) return undefined;
  const told = error instanceof Objections ? error.objections : [];
  const { text, next } = errorOf(error.code);
  const whole = { vi: `${text.vi} ${next.vi}`, en: `${text.en} ${next.en}` };
  const problems =
    told.length > 0
      ? told.map((one) => ({ ...one, reason: reasonOf(one.code) }))
      : [{ field: '', code: error.code, reason: whole }];
  return { problems, fields };
}
