/** Owns the phones of the insured, as web pages: what was sent to each, newest first. Nobody else's phone is so open. */
import { type Request, Router } from 'express';
import { type FramedIn, framed } from '../authority/pages.ts';
import type { Language } from '../authority/profile.ts';
import { type Html, html } from '../html.ts';

export interface Message {
  readonly code: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Older ones leave the screen. */
const MOST_MESSAGES = 3;

const TEXTS = {
  vi: {
    title: 'Điện thoại thử nghiệm',
    told: 'Trang này thay cho điện thoại trong môi trường thử nghiệm. Ngoài đời, chỉ chủ điện thoại đọc được tin nhắn này.',
    none: 'Chưa có tin nhắn. Trang này tự làm mới.',
    message: 'Bảo hiểm xã hội: mã đăng nhập của bạn, có hiệu lực 3 phút. Không đưa mã này cho bất kỳ ai.',
  },
  en: {
    title: 'Sandbox phone',
    told: 'This page stands for a phone in the sandbox. In real life only its holder reads this message.',
    none: 'No message yet. This page refreshes itself.',
    message: 'Vietnam Social Security: your sign-in code, good for 3 minutes. Do not give it to anyone.',
  },
} as const;

export class Phones {
  readonly #messages = new Map<string, readonly Message[]>();

  receive(phone: string, message: Message): void {
    this.#messages.set(phone, [message, ...this.messagesOf(phone)].slice(0, MOST_MESSAGES));
  }

  /** Newest first. */
  messagesOf(phone: string): readonly Message[] {
    return this.#messages.get(phone) ?? [];
  }

  clear(): void {
    this.#messages.clear();
  }
}

/** Where a phone is shown. */
export const addressOfPhone = (phone: string): string => `/phone/${encodeURIComponent(phone)}`;

const timeOf = ({ at }: Message) =>
  new Date(at).toLocaleTimeString('vi-VN', { timeZone: 'Asia/Ho_Chi_Minh', hour12: false });

function shown(language: Language, message: Message): Html {
  return html`<p><span class="hint">${timeOf(message)}</span> ${TEXTS[language].message}
<br><strong class="code" data-one-time-code>${message.code}</strong></p>`;
}

/** The page of each phone. */
export function phoneRoutes(phones: Phones, frame: FramedIn): Router {
  const languageOf = (request: Request): Language => (request.acceptsLanguages('vi', 'en') === 'en' ? 'en' : 'vi');
  const routes = Router();
  routes.get('/phone/:phone', (request, response) => {
    const language = languageOf(request);
    const texts = TEXTS[language];
    const { phone } = request.params;
    const messages = phones.messagesOf(phone).map((message) => shown(language, message));
    const page = framed(frame, {
      language,
      title: `${texts.title} ${phone}`,
      code: 'phone',
      refreshes: messages.length === 0,
      content: html`<p class="sandbox">${texts.told}</p>${messages.length > 0 ? messages : html`<p>${texts.none}</p>`}`,
    });
    response.send(page.toString());
  });
  return routes;
}
