/** Owns telling developers with whom they can try: the made-up people of the sandbox issuer. */
import type { Operations } from '../operations.ts';
import type { DeveloperParts } from '../parts.ts';

export function testPeopleOperations(operations: Operations, { configuration }: DeveloperParts): void {
  operations.define('listTestPeople', 'read', async () => ({
    values: { people: configuration.sandbox?.testPeople ?? [] },
  }));
}
