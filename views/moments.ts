/** Owns how moments are written for people: on pages, and in what they are sent. */
import type { Language } from './pages.ts';

/** Days as they are in Viet Nam, wherever the server stands. */
const DAY = { year: 'numeric', timeZone: 'Asia/Ho_Chi_Minh' } as const;
export const DATES: Readonly<Record<Language, Intl.DateTimeFormat>> = {
  vi: new Intl.DateTimeFormat('vi-VN', { ...DAY, day: '2-digit', month: '2-digit' }),
  en: new Intl.DateTimeFormat('en-GB', { ...DAY, day: 'numeric', month: 'long' }),
};
const MINUTE = { ...DAY, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
export const MOMENTS: Readonly<Record<Language, Intl.DateTimeFormat>> = {
  vi: new Intl.DateTimeFormat('vi-VN', { ...MINUTE, day: '2-digit', month: '2-digit' }),
  en: new Intl.DateTimeFormat('en-GB', { ...MINUTE, day: 'numeric', month: 'long' }),
};

const SHORT = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Ho_Chi_Minh',
  day: '2-digit',
  month: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** `22/11 14:05`, for a text message, where every character counts. */
export function shortMoment(milliseconds: number): string {
  return SHORT.format(milliseconds).replace(',', '');
}
