/** Owns the steps that all ready pieces have in common. */
import type { Blueprint } from './facts.ts';
import type { Step } from './piece.ts';

/** Keys are made by the agency, on its own machine; a secret it has had from the console. */
export function proofSteps({ hasKeys, byKey }: Blueprint, makeKeys: string): readonly Step[] {
  const keys: Step = {
    vi: 'Tạo khoá ngay trên máy chủ của bạn. Lệnh này in ra phần công khai: dán vào mục khoá của dịch vụ trên trang dành cho nhà phát triển. Phần bí mật không rời máy.',
    en: 'Make the keys, on your own server. The command prints their public half: paste it into the keys of this service in the console. The private half stays where it is.',
    command: makeKeys,
  };
  const secret: Step = {
    vi: 'Đặt mã bí mật của dịch vụ, được hiện một lần trên trang dành cho nhà phát triển, vào biến môi trường LIEN_THONG_CLIENT_SECRET. Không ghi vào tệp nào được sao chép.',
    en: 'Put the secret of this service, which the console showed once, into the environment variable LIEN_THONG_CLIENT_SECRET, and into no file that is copied about.',
  };
  return [...(hasKeys ? [keys] : []), ...(byKey ? [] : [secret])];
}

export function runStep(command: string, { redirectUri, login }: Blueprint): Step {
  const address = new URL(login, redirectUri).href;
  const behind = redirectUri.protocol === 'https:';
  return {
    vi: `Chạy, rồi mở ${address}. Chương trình chỉ nghe ở máy này, cổng PORT${behind ? `: đặt sau máy chủ web có TLS của ${redirectUri.origin}` : ''}.`,
    en: `Run it, and open ${address}. It listens on this machine only, at PORT${behind ? `: put it behind the web server with TLS of ${redirectUri.origin}` : ''}.`,
    command,
  };
}

/** What this very service should know besides. */
export function noteSteps({ facts }: Blueprint): readonly Step[] {
  const [first, ...others] = facts.redirect_uris;
  const notes: Step[] = [];
  if (others.length > 0)
    notes.push({
      vi: `Dịch vụ có nhiều địa chỉ nhận kết quả; các tệp này dùng ${first}.`,
      en: `This service has several redirect addresses; these files answer at ${first}.`,
    });
  return notes;
}

/** These pieces keep sessions in memory: enough to try, not to stay. */
export const SESSIONS: Step = {
  vi: 'Khi đưa vào trang của bạn: giữ phiên ở nơi trang của bạn vẫn giữ, và nhận ra công dân bằng iss và sub, không bằng tên, thư điện tử hay số điện thoại.',
  en: 'When you build it into your site: keep sessions where your site keeps its own, and know the citizen by iss and sub, never by name, e-mail or telephone.',
};
