/** Owns what a generated login tells a citizen about an answer that is no sign-in (docs/agencies.md, section 7). */
import type { Localised } from '../../../views/pages.ts';

const OUR_FAULT: Localised = {
  vi: 'Có lỗi ở phía chúng tôi. Vui lòng thử lại sau hoặc liên hệ với chúng tôi theo cách khác.',
  en: 'Something is wrong on our side. Please try later, or reach us in another way.',
};
const PRESS_BUTTON: Localised = { vi: 'Vui lòng đăng nhập.', en: 'Please sign in.' };

/** By `error`, or by `error` and `error_description`: the closer one holds. `other` is for everything else. */
export const SIGN_IN_WORDS: Readonly<Record<string, Localised>> = {
  'access_denied cancelled': { vi: 'Bạn chưa đăng nhập.', en: 'You did not sign in.' },
  'access_denied consent_refused': {
    vi: 'Bạn đã chọn không chia sẻ dữ liệu. Bạn có thể đăng nhập lại hoặc liên hệ với chúng tôi theo cách khác.',
    en: 'You chose not to share. You can sign in again, or reach us in another way.',
  },
  access_denied: {
    vi: 'Không thể đăng nhập cho bạn. Bạn vẫn có thể liên hệ với chúng tôi tại quầy hoặc qua điện thoại.',
    en: 'It was not possible to sign you in. You can still reach us at the counter or by telephone.',
  },
  login_required: PRESS_BUTTON,
  consent_required: PRESS_BUTTON,
  interaction_required: PRESS_BUTTON,
  temporarily_unavailable: {
    vi: 'Hiện chưa đăng nhập được. Vui lòng quay lại sau vài phút.',
    en: 'Signing in is not possible right now. Please come back in a few minutes.',
  },
  unmet_authentication_requirements: {
    vi: 'Dịch vụ này cần cách đăng nhập an toàn hơn, hiện chưa có.',
    en: 'This service needs a safer way to sign in, which is not available yet.',
  },
  server_error: { vi: 'Vui lòng thử lại.', en: 'Please try again.' },
  start_again: {
    vi: 'Lần đăng nhập này đã hết hạn hoặc bắt đầu ở trình duyệt khác. Vui lòng đăng nhập lại.',
    en: 'This sign-in has ended or was begun in another browser. Please sign in again.',
  },
  other: OUR_FAULT,
};
