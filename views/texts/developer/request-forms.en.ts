/** Owns why a request does not have the form that the API describes, in English. */
import type { requestFormsInVietnamese } from './request-forms.vi.ts';

export const requestFormsInEnglish: typeof requestFormsInVietnamese = {
  absent: 'This is not there. Send it, too.',
  unknown: 'The API has no such field. Leave it out, or look its name up in the reference.',
  form: 'This has not the form that the reference describes. Look at its type and at the values it may have.',
  over: 'This is more, or longer, than is taken. Shorten it.',
  under: 'This is less, or shorter, than is needed. Add to it.',
  text: 'There is something in it that is no character (the character zero, or half a Unicode character). Remove it.',
  depth: 'This is nested too deeply. Nothing in the API is.',
};
