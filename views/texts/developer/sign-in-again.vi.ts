/** Owns the Vietnamese words of asking for a better sign-in. */
export const signInAgainInVietnamese = {
  title: 'Cần đăng nhập mạnh hơn',
  lead: 'Việc này cần bạn vừa đăng nhập trong 15 phút qua, ở mức 3 trở lên (MobileID, định danh điện tử hoặc chữ ký số).',
  signIn: 'Đăng nhập lại',
};
