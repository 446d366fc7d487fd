/** Owns what a machine can tell of whether everybody can use a page: axe, and whether it fits its screen. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page as Tab } from 'playwright-core';

/** To be carried into every page that is looked at. */
export const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe objects to: the levels A and AA of WCAG 2.0 to 2.2 and its own good practice, unless told otherwise. */
export async function violations(tab: Tab, options: object = {}): Promise<string[]> {
  // Preloading means fetching style sheets by script, which our policy rightly forbids. What is in order is not listed.
  const run = { preload: false, resultTypes: ['violations'], ...options };
  const script = `axe.run(${JSON.stringify(run)}).then((result) => result.violations)`;
  const found = (await tab.evaluate(script)) as Violation[];
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
}

/** Pixels by which a page is wider than its screen, and what sticks out. */
export async function tooWide(tab: Tab): Promise<string[]> {
  return tab.evaluate(`(() => {
    const screen = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= screen) return [];
    return [...document.body.querySelectorAll('*')]
      .filter((element) => element.getBoundingClientRect().right > screen + 1)
      .map((element) => element.tagName + ' ' + element.className + ' ' + element.getBoundingClientRect().right);
  })()`);
}
