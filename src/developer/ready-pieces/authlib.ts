/**
 * Owns the ready piece for Python: Authlib and Flask as Debian 12 has them. What Authlib 1.2 does not do by itself
 * (encrypted tokens, signed userinfo, pushed requests, short-lived proofs) the piece does with Authlib's own parts.
 */
import type { Blueprint } from './facts.ts';
import { fitting, type ReadyPiece, type Step } from './piece.ts';
import { noteSteps, proofSteps, runStep, SESSIONS } from './steps.ts';
import { filled } from './templates.ts';

export function authlibPiece(blueprint: Blueprint): ReadyPiece {
  const named = { id: 'authlib', name: 'Authlib 1.2 (Python, Flask)' } as const;
  const files = filled('authlib', ['app.py', ...(blueprint.hasKeys ? ['make_keys.py'] : [])], blueprint);
  const install: Step = {
    vi: 'Đặt các tệp vào một thư mục, cài thư viện từ Debian 12.',
    en: 'Put the files into one folder and install the libraries, from Debian 12.',
    command: 'apt-get install python3-authlib python3-flask python3-requests',
  };
  const run = runStep(`PORT=${blueprint.port} /usr/bin/python3 app.py`, blueprint);
  const serve: Step = {
    vi: 'Khi chạy thật, dùng một máy chủ WSGI như gunicorn, một tiến trình chừng nào phiên còn nằm trong bộ nhớ. Đặt LIEN_THONG_SESSION_KEY thì lần đăng nhập đang dở không mất khi khởi động lại.',
    en: 'For real use run it in a WSGI server such as gunicorn, with one process while sessions are in its memory. With LIEN_THONG_SESSION_KEY set, a sign-in under way survives a restart.',
  };
  return fitting(
    named,
    files,
    [install, ...proofSteps(blueprint, '/usr/bin/python3 make_keys.py'), run, serve, SESSIONS, ...noteSteps(blueprint)],
    blueprint,
  );
}
