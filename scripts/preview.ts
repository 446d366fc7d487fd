/**
 * Owns a look at every page without a hub: serves the samples under the hub's own content policy, or with `--shots`
 * photographs them at three widths, light and dark, and runs axe on each. `node scripts/preview.ts [--shots] [name …]`
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { frameIn, PAGES } from '../test/views/samples.ts';
import { LANGUAGES, type Language } from '../views/pages.ts';
import { createRenderer } from '../views/renderer.ts';

const PORT = 4180;
const OUTPUT = '/tmp/lien-thong-preview';
const POLICY =
  "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; script-src 'self'; form-action 'none'";

const renderer = createRenderer();

const BUTTONS = `<!doctype html><html lang="vi"><title>Nút</title><link rel="stylesheet" href="/button/v1/button.css">
<main><h1>Nút</h1><p><a class="lien-thong-button" href="/login">Đăng nhập bằng Liên Thông</a>
<button class="lien-thong-button lien-thong-button--dark">Sign in with Liên Thông</button></p>
${['vi-light', 'vi-dark', 'en-light', 'en-dark'].map((name) => `<p><img src="/button/v1/${name}.svg" alt="${name}">`).join('')}</main>`;

const server = createServer((request, response) => {
  const path = new URL(request.url!, 'http://preview').pathname;
  const asset = renderer.assets.get(path);
  if (asset) return void response.writeHead(200, { 'content-type': asset.type, ...asset.headers }).end(asset.body);
  const [, language, name] = path.split('/');
  const page = PAGES.get(name ?? '');
  const isLanguage = LANGUAGES.includes(language as Language);
  const html =
    page && isLanguage
      ? renderer.render(page, frameIn(language as Language))
      : path === '/buttons'
        ? BUTTONS
        : `<!doctype html><title>Preview</title>${[...PAGES.keys()].map((key) => `<li><a href="/vi/${key}">${key}</a>`).join('')}`;
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY }).end(html);
});

async function photograph(names: readonly string[]): Promise<void> {
  mkdirSync(OUTPUT, { recursive: true });
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [320, 768, 1280]) {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
      const tab = await context.newPage();
      // The form-post page would leave at once.
      await tab.route('**/submit.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
      tab.on('console', (message) => console.log(message.type(), message.text()));
      for (const name of names) {
        for (const language of LANGUAGES) {
          await tab.goto(`http://localhost:${PORT}/${name === 'buttons' ? name : `${language}/${name}`}`);
          if (language === 'vi') {
            await tab.screenshot({ path: `${OUTPUT}/${name}-${width}-${colorScheme}.png`, fullPage: true });
          }
          const overflow = await tab.evaluate('document.documentElement.scrollWidth - innerWidth');
          if (Number(overflow) > 0) console.log(`${language}/${name} at ${width} px is ${overflow} px too wide`);
          const found = (await tab.evaluate(`${axe}; axe.run().then((result) => result.violations)`)) as {
            id: string;
            nodes: { html: string; failureSummary: string }[];
          }[];
          for (const { id, nodes } of found) {
            console.log(`${language}/${name} ${width} ${colorScheme}: ${id}`, nodes[0]!.html, nodes[0]!.failureSummary);
          }
        }
      }
      await context.close();
    }
  }
  await browser.close();
}

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
server.listen(PORT, 'localhost', async () => {
  if (!process.argv.includes('--shots')) return console.log(`http://localhost:${PORT}/`);
  await photograph(
    wanted.length > 0
      ? wanted
      : [...PAGES.keys()].filter((name) => !name.startsWith('error-') || name.includes('with')),
  );
  server.close();
});
