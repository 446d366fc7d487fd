/** Owns what a ready piece is: files that are a whole login for one service, and how to run them. */
import type { Localised } from '../../../views/pages.ts';
import type { Blueprint } from './facts.ts';
import { markdown } from './quoting.ts';
import type { PieceFile } from './templates.ts';

export type PieceId = 'openid-client' | 'mod_auth_openidc' | 'authlib';

/** One thing to do, with what is to be typed. */
export interface Step extends Localised {
  readonly command?: string;
}

export type ReadyPiece = {
  readonly id: PieceId;
  /** The library's name and version, which is no word of a language. */
  readonly name: string;
} & (
  | { readonly fits: true; readonly files: readonly PieceFile[]; readonly how: readonly Step[] }
  /** What the library cannot do that this service asks for; generating it would be a login that fails. */
  | { readonly fits: false; readonly reason: Localised; readonly files: readonly []; readonly how: readonly [] }
);

type Named = Pick<ReadyPiece, 'id' | 'name'>;

export function fitting(
  { id, name }: Named,
  files: readonly PieceFile[],
  how: readonly Step[],
  of: Blueprint,
): ReadyPiece {
  return { id, name, fits: true, files: [...files, readme(name, how, of)], how };
}

export function unfit({ id, name }: Named, reason: Localised): ReadyPiece {
  return { id, name, fits: false, reason, files: [], how: [] };
}

/** The steps as a file, for who has only the files. */
function readme(name: string, how: readonly Step[], { facts }: Blueprint): PieceFile {
  const steps = (language: 'vi' | 'en') =>
    how
      .map((step, at) => {
        const command = step.command ? `\n\n   \`\`\`sh\n   ${step.command}\n   \`\`\`` : '';
        return `${at + 1}. ${step[language]}${command}`;
      })
      .join('\n');
  const { vi, en } = facts.service;
  const content = [
    `# ${markdown(vi)}`,
    `Đăng nhập bằng Liên Thông, ${name}.`,
    steps('vi'),
    `# ${markdown(en)}`,
    `Sign-in with Liên Thông, ${name}.`,
    steps('en'),
  ];
  return { path: 'README.md', content: `${content.join('\n\n')}\n` };
}
