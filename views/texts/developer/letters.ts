/** Owns the words of letters to agencies about their secrets and keys: in both languages at once, for shared mailboxes. */

export interface EndingFacts {
  readonly client: string;
  readonly kind: 'secret' | 'key';
  /** Until its end. */
  readonly days: number;
  /** `2026-11-22`, in Viet Nam. */
  readonly day: string;
  /** Where to make the next one. */
  readonly address: string;
}

const KIND = { vi: { secret: 'Mã bí mật', key: 'Khóa' }, en: { secret: 'secret', key: 'key' } } as const;

/** That one ends soon. */
export function credentialEnds({ client, kind, days, day, address }: EndingFacts) {
  return {
    subject: `${KIND.vi[kind]} của ${client} còn ${days} ngày · A ${KIND.en[kind]} of ${client} ends in ${days === 1 ? 'a day' : `${days} days`}`,
    text: `${KIND.vi[kind]} của dịch vụ ${client} hết hạn ngày ${day}. Sau đó dịch vụ không đăng nhập được bằng nó nữa.
Hãy thêm cái mới ngay bây giờ: hai cái cùng dùng được, nên không gián đoạn. Rồi bỏ cái cũ.

A ${KIND.en[kind]} of the service ${client} ends on ${day}. After that the service cannot sign anybody in with it.
Add the next one now: two are good at a time, so nothing is interrupted. Then end the old one.

${address}

Liên Thông
`,
  };
}

/** That one has ended. */
export function credentialEnded({ client, kind, day, address }: EndingFacts) {
  return {
    subject: `${KIND.vi[kind]} của ${client} đã hết hạn · A ${KIND.en[kind]} of ${client} has ended`,
    text: `${KIND.vi[kind]} của dịch vụ ${client} đã hết hạn ngày ${day} và không dùng được nữa. Nếu dịch vụ còn dùng nó thì người dân
đang không đăng nhập được: hãy thêm cái mới.

A ${KIND.en[kind]} of the service ${client} ended on ${day} and is refused now. If the service still uses it, nobody can sign in
there: add a new one.

${address}

Liên Thông
`,
  };
}
