/** Owns the Vietnamese words of "please sign in once more". */
export const signInAgainInVietnamese = {
  title: 'Cần đăng nhập lại',
  recent: 'Để giữ an toàn, việc này cần một lần đăng nhập trong vòng 15 phút.',
  strongest: (level: string) =>
    `Để người chỉ biết mật khẩu không thay đổi được gì, việc này cần vừa đăng nhập bằng cách mạnh nhất đã liên kết (${level}).`,
  signIn: 'Đăng nhập lại',
  wait: 'Không dùng được cách đó?',
  waitText:
    'Có thể chờ 7 ngày. Mọi địa chỉ liên hệ đều được báo và dừng lại được bằng một đường dẫn. Sau 7 ngày, thay đổi được thực hiện.',
  waitAction: 'Chờ 7 ngày',
  back: 'Không thay đổi gì',
};
