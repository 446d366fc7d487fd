/** Owns what every API and page does alike with what it refuses: the code of an error, and bodies that nobody would read. */
import type { RequestHandler } from 'express';
import { type ErrorCode, Refusal } from '../errors.ts';
import { StoreUnavailable } from '../store.ts';

/** The code of the table for whatever was thrown; Express and its parsers say theirs by a status. */
export function errorCodeOf(error: unknown): ErrorCode {
  if (error instanceof Refusal || error instanceof StoreUnavailable) return error.code;
  const { status } = error as { status?: number };
  if (status === 413) return 'too_large';
  return status !== undefined && status >= 400 && status < 500 ? 'request_invalid' : 'internal_error';
}

/** A body of another type would go unread, and what it asked for be done without it. */
export const jsonOnly: RequestHandler = (request, _response, next) => {
  const isEmpty = request.headers['content-length'] === '0';
  if (!isEmpty && request.is('json') === false) throw new Refusal('request_invalid');
  next();
};
