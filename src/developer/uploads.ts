/**
 * Owns reading forms that send files (RFC 7578), with what Node has for it. Nothing is read of who is not signed in, nor
 * more than a picture that is too large by a little; files are kept nowhere but in the request.
 */
import express, { type Request, type RequestHandler } from 'express';
import { Refusal } from '../errors.ts';
import { LARGEST_LOGO } from './logos.ts';

const LARGEST_UPLOAD = '1mb';
const FORM_DATA = 'multipart/form-data';

declare module 'node:http' {
  interface IncomingMessage {
    /** Fields of a form that were files. */
    files?: ReadonlySet<string>;
  }
}

/** Reads a form with files into `body`: each file is its content in base64, one byte more than a logo may have at most. */
export function uploaded(isSignedIn: (request: Request) => Promise<boolean>): RequestHandler[] {
  return [
    async (request, _response, next) => {
      if (!request.is(FORM_DATA)) throw new Refusal('request_invalid');
      if (!(await isSignedIn(request))) throw new Refusal('sign_in_needed');
      next();
    },
    express.raw({ type: FORM_DATA, limit: LARGEST_UPLOAD }),
    async (request, _response, next) => {
      const files = new Set<string>();
      const fields: Record<string, string> = {};
      for (const [name, value] of await partsOf(request)) {
        if (typeof value === 'string') {
          fields[name] = value;
          continue;
        }
        files.add(name);
        fields[name] = Buffer.from(await value.slice(0, LARGEST_LOGO + 1).arrayBuffer()).toString('base64');
      }
      request.body = fields;
      request.files = files;
      next();
    },
  ];
}

/** Fields as they may be shown again: nobody can hand a chosen file back to a browser. */
export function withoutFiles(
  fields: Readonly<Record<string, string>>,
  { files }: Pick<Request, 'files'>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !files?.has(name)));
}

async function partsOf({ body, headers }: Request) {
  try {
    const form = new Response(body, { headers: { 'content-type': headers['content-type'] ?? '' } });
    return [...(await form.formData())];
  } catch (cause) {
    throw new Refusal('request_invalid', {}, { cause });
  }
}
