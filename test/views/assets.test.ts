/** What the hub serves beside its pages: versioned for itself, stable for agencies, complete. */
import { describe, expect, it } from '@jest/globals';
import { createRenderer } from '../../views/renderer.ts';

const { assets } = createRenderer();

describe('assets', () => {
  it('keep the same address as long as nothing changes', () => {
    expect([...createRenderer().assets.keys()]).toEqual([...assets.keys()]);
  });

  it('include every file the style sheets name', () => {
    for (const [path, { body, type }] of assets) {
      if (!type.startsWith('text/css')) continue;
      for (const [, file] of body.toString().matchAll(/url\("?([^)"]+)"?\)/g)) {
        expect(assets.has(new URL(file!, `http://hub${path}`).pathname)).toBe(true);
      }
    }
  });

  it('may be kept for ever where the address carries the version, and loaded by agencies where it does not', () => {
    for (const [path, { headers }] of assets) {
      if (path.startsWith('/assets/')) expect(headers['cache-control']).toContain('immutable');
      else expect(headers['cross-origin-resource-policy']).toBe('cross-origin');
    }
  });
});
