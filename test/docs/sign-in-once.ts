/** Signs a citizen of the sandbox in at LOGIN_URI, as a developer's own browser test would, and looks at nothing. */
import { Visitor } from '../../sandbox/visitor.ts';

const visitor = new Visitor();
const choice = await visitor.open(process.env.LOGIN_URI!);
if (choice.code !== 'choose_source') throw new Error(`no choice of sources: ${choice.code ?? choice.status}`);
await visitor.press('source=tax-code');
visitor.fill({ tax_code: '8000000011', password: 'Thue@2026' });
const page = await visitor.press('decision=sign_in');
if (page.code === 'consent') await visitor.tickAll().press('decision=agree');
