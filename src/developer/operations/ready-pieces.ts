/** Owns handing out the ready pieces of a service: a whole login, file by file or packed. */
import { strToU8, zipSync } from 'fflate';
import { Refusal } from '../../errors.ts';
import { serviceFor } from '../access.ts';
import type { Actor } from '../actor.ts';
import type { Operations } from '../operations.ts';
import type { DeveloperParts } from '../parts.ts';
import type { Environment } from '../ports.ts';
import { factsOf } from '../ready-pieces/facts.ts';
import { readyPiecesFor } from '../ready-pieces/ready-pieces.ts';
import { addressOf, presentRegistration } from '../shown-registration.ts';

/** Packed twice it is the same, byte by byte. */
const PACKED = new Date(2000, 0, 1);

export function readyPieceOperations(operations: Operations, parts: DeveloperParts): void {
  const piecesOf = async (actor: Actor, id: string, environment: Environment) => {
    const access = await serviceFor(parts.store, actor, id, 'reader');
    const address = addressOf(parts, access.service.id, environment);
    const shown = await presentRegistration(parts, access, environment);
    const pieces = shown ? readyPiecesFor(factsOf(address.issuer, shown.registration)) : [];
    return { address, from: shown?.from ?? ('draft' as const), pieces };
  };

  operations.define('listReadyPieces', 'read', async (actor, { params }) => {
    const { address, from, pieces } = await piecesOf(actor, params.service, params.environment);
    return { values: { ...address, from, pieces } };
  });

  operations.define('downloadReadyPiece', 'read', async (actor, { params }) => {
    const { address, pieces } = await piecesOf(actor, params.service, params.environment);
    const piece = pieces.find(({ id }) => id === params.piece);
    if (!piece?.fits) throw new Refusal('not_found');
    const name = `${address.client_id}-${piece.id}`;
    const files = piece.files.map(({ path, content }) => [`${name}/${path}`, strToU8(content)] as const);
    const body = zipSync(Object.fromEntries(files), { mtime: PACKED });
    return { file: { type: 'application/zip', name: `${name}.zip`, body } };
  });
}
