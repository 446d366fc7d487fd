/** Owns every Vietnamese word of the pages except the errors; its shape is what each other language must fill. */
import type { ClosedReason, ConsentItemId } from '../pages.ts';
import { buttonKitInVietnamese } from './button-kit.vi.ts';
import { catalogueInVietnamese } from './catalogue.vi.ts';
import { citizenInVietnamese } from './citizen.vi.ts';
import { developerInVietnamese } from './developer.vi.ts';

export const vietnamese = {
  hub: 'Liên Thông',
  tagline: 'Đăng nhập một lần cho mọi dịch vụ công',
  languageName: 'Tiếng Việt',
  chooseLanguage: 'Ngôn ngữ',
  skip: 'Đến nội dung chính',
  signingInTo: 'Đăng nhập vào',
  help: 'Trợ giúp',
  callHotline: (number: string) => `Gọi tổng đài ${number}`,
  incident: 'Mã sự cố',
  required: 'Bắt buộc',
  citizen: citizenInVietnamese,
  developer: developerInVietnamese,

  chooseSource: {
    title: 'Chọn cách đăng nhập',
    lead: 'Dùng một tài khoản đang có. Mật khẩu và mã PIN chỉ nhập ở nơi cấp, Liên Thông không nhìn thấy.',
    sources: 'Các cách đăng nhập',
    closed: {
      not_strong_enough: 'Chưa đủ mức bảo đảm cho dịch vụ này',
      not_for_this_service: 'Không dùng cho dịch vụ này',
      unavailable: '{source} đang gián đoạn. Vui lòng chọn cách khác',
    } satisfies Record<ClosedReason, string>,
    sharedComputer: 'Máy tính dùng chung',
    sharedComputerHint: 'Trình duyệt này không giữ trạng thái đăng nhập; lần sau phải đăng nhập lại.',
    back: 'Quay về trang dịch vụ',
  },

  consent: {
    title: (agency: string) => `${agency} đề nghị nhận thông tin sau`,
    titleOfNothing: 'Không chia sẻ thông tin cá nhân',
    nothing: (agency: string) => `${agency} chỉ nhận một mã riêng để nhận ra cùng một người ở lần đăng nhập sau.`,
    changed: 'Có thay đổi so với lần đồng ý trước. Vui lòng xem lại.',
    given: 'Thông tin được gửi',
    optional: 'Không bắt buộc',
    optionalHint: 'Chỉ gửi những ô được đánh dấu.',
    terms: 'Để làm gì, trong bao lâu',
    purpose: 'Mục đích',
    duration: 'Thời hạn',
    until: (date: string) => `Đến hết ngày ${date}`,
    basis: 'Căn cứ',
    basisOf: {
      consent: 'Sự đồng ý của người đăng nhập, có thể rút lại bất cứ lúc nào ở Trang của tôi trên Liên Thông',
      law: 'Quy định của pháp luật',
    },
    byLaw: (citation: string) => `Theo ${citation}`,
    items: {
      name: 'Họ, chữ đệm và tên',
      gender: 'Giới tính',
      birthdate: 'Ngày sinh',
      place_of_birth: 'Nơi sinh',
      nationality: 'Quốc tịch',
      personal_number: 'Số định danh cá nhân',
      tax_code: 'Mã số thuế',
      social_insurance_number: 'Mã số BHXH',
      email: 'Thư điện tử',
      phone: 'Số điện thoại',
    } satisfies Record<ConsentItemId, string>,
    agree: 'Đồng ý và tiếp tục',
    proceed: 'Tiếp tục',
    refuse: 'Không đồng ý',
    stop: 'Không tiếp tục',
  },

  continueAs: {
    title: 'Đã đăng nhập trên trình duyệt này',
    lead: 'Có thể vào dịch vụ ngay mà không cần đăng nhập lại.',
    proceed: (name: string) => `Tiếp tục với tên ${name}`,
    other: 'Không phải tôi',
    shared: 'Trên máy dùng chung, hãy kiểm tra kỹ tên trước khi tiếp tục.',
  },

  link: {
    title: 'Hai tài khoản này là của cùng một người?',
    lead: 'Sau khi liên kết, có thể đăng nhập bằng một trong hai cách.',
    accounts: 'Hai cách vừa dùng',
    warning: 'Chỉ liên kết khi cả hai tài khoản đều là của chính mình.',
    agree: 'Liên kết hai tài khoản của tôi',
    refuse: 'Không liên kết',
  },

  mobileNumbers: {
    title: 'Nhập số điện thoại và số định danh',
    lead: 'Yêu cầu xác nhận sẽ gửi đến điện thoại này. Mã PIN chỉ nhập trên điện thoại, không nhập trên trang này.',
    labels: { phone: 'Số điện thoại', personalNumber: 'Số định danh cá nhân' },
    hints: {
      phone: 'Số đã đăng ký ký số với nhà mạng',
      personalNumber: '12 chữ số trên thẻ căn cước',
    },
    wrong: {
      phone: 'Chưa phải số di động. Vui lòng nhập đủ 10 chữ số, ví dụ 0912 345 678.',
      personalNumber: 'Chưa phải số định danh. Vui lòng nhập đủ 12 chữ số như trên thẻ.',
    },
    proceed: 'Tiếp tục',
    other: 'Chọn cách đăng nhập khác',
  },

  mobileWait: {
    title: 'Xác nhận trên điện thoại',
    lead: (code: string) => `Chỉ nhập mã PIN nếu điện thoại hiện mã ${code}.`,
    code: 'Mã kiểm tra',
    sending: 'Đang gửi yêu cầu đến điện thoại.',
    sent: 'Đã gửi yêu cầu đến điện thoại. Trang này tự chuyển tiếp sau khi xác nhận.',
    differs: 'Nếu điện thoại hiện mã khác, có người khác đang gửi yêu cầu: hãy bấm hủy trên điện thoại.',
    look: 'Đã xác nhận mà trang chưa chuyển? Kiểm tra lại',
    other: 'Hủy, chọn cách khác',
  },

  digitalSignature: {
    title: 'Đăng nhập bằng chữ ký số',
    lead: 'Thẻ hoặc USB ký số xác nhận lần đăng nhập này. Mã PIN chỉ nhập ở cửa sổ Web eID, không nhập trên trang này.',
    needed: 'Cần có',
    neededList: [
      'Thẻ hoặc USB ký số còn hiệu lực, do tổ chức được công nhận cấp',
      'Đầu đọc thẻ, nếu dùng thẻ',
      'Web eID: một chương trình trên máy tính và một tiện ích trong trình duyệt',
    ],
    sign: 'Ký để đăng nhập',
    noScript:
      'Cách này cần JavaScript, nhưng trình duyệt đang tắt. Vui lòng bật JavaScript rồi tải lại trang, hoặc chọn cách khác.',
    again: 'Chữ ký vừa rồi không dùng được nữa',
    againText: 'Đã quá năm phút, hoặc chữ ký đó đã được dùng một lần. Vui lòng ký lại.',
    told: {
      waiting: 'Đang chờ Web eID. Vui lòng cắm thẻ, chọn chứng thư rồi nhập mã PIN trong cửa sổ vừa mở.',
      cancelled: 'Đã hủy ở cửa sổ Web eID. Có thể ký lại, hoặc chọn cách khác.',
      timeout: 'Đã hết thời gian chờ. Vui lòng kiểm tra thẻ và đầu đọc rồi ký lại.',
      failed: 'Chưa ký được. Vui lòng rút thẻ, cắm lại rồi thử lần nữa, hoặc chọn cách khác.',
    },
    /** What is missing on the computer, under the name the script gives it. */
    lacking: {
      'no-extension': {
        title: 'Trình duyệt chưa có tiện ích Web eID',
        steps: [
          'Mở trang của Web eID theo đường dẫn dưới đây.',
          'Cài chương trình Web eID và tiện ích cho trình duyệt này. Trên máy cơ quan, vui lòng nhờ người quản trị.',
          'Quay lại đây và tải lại trang.',
        ],
      },
      'no-program': {
        title: 'Máy tính chưa có chương trình Web eID',
        steps: [
          'Tiện ích trong trình duyệt đã có. Mở trang của Web eID theo đường dẫn dưới đây.',
          'Cài chương trình Web eID cho máy tính. Trên máy cơ quan, vui lòng nhờ người quản trị.',
          'Quay lại đây và tải lại trang.',
        ],
      },
      outdated: {
        title: 'Web eID trên máy này đã cũ',
        steps: [
          'Mở trang của Web eID theo đường dẫn dưới đây.',
          'Cài phiên bản mới của chương trình và của tiện ích.',
          'Quay lại đây và tải lại trang.',
        ],
      },
    },
    where: 'Trang cài đặt Web eID (web-eid.eu)',
    reload: 'Tải lại trang',
    other: 'Chọn cách đăng nhập khác',
  },

  error: {
    next: 'Cần làm gì tiếp theo',
    otherSource: 'Chọn cách đăng nhập khác',
    again: 'Thử lại',
    restart: 'Bắt đầu lại',
    back: 'Quay về trang dịch vụ',
    home: 'Về trang đầu',
    call: 'Cần người giúp',
    tell: 'Khi gọi, vui lòng đọc mã sự cố này:',
    /** Stands in where a text names a source, an agency or an age that is not known. */
    unnamed: { source: 'cách vừa chọn', authority: 'nơi cấp tài khoản', age: '14' },
  },

  signOut: {
    title: 'Đăng xuất khỏi Liên Thông?',
    lead: 'Việc này đăng xuất cả các dịch vụ đã vào bằng Liên Thông trên trình duyệt này.',
    agree: 'Đăng xuất',
    everywhere: 'Đăng xuất khỏi mọi thiết bị',
    refuse: 'Không, giữ đăng nhập',
  },

  signedOut: {
    title: 'Đã đăng xuất',
    lead: 'Phiên đăng nhập trên trình duyệt này đã kết thúc.',
    agencies: 'Các dịch vụ bạn đã vào',
    /** What a service knows of it: it answered; it is asked until it answers; it takes no such message. */
    told: 'Đã được báo đăng xuất.',
    waiting: 'Đang được báo đăng xuất, kể cả khi bạn đóng trang này.',
    own: 'Vui lòng đăng xuất tại trang dịch vụ này.',
    sources: 'Nơi đã xác nhận danh tính',
    signOutAt: (source: string) => `Đăng xuất khỏi ${source}`,
    shared: 'Trên máy dùng chung, vui lòng đóng hẳn trình duyệt.',
    back: 'Quay về trang dịch vụ',
  },

  formPost: {
    title: 'Đang chuyển về dịch vụ',
    lead: 'Nếu trang không tự chuyển, vui lòng bấm nút dưới đây.',
    proceed: 'Tiếp tục',
  },

  helpPage: {
    title: 'Trợ giúp',
    lead: 'Nếu gặp khó khăn khi đăng nhập, tổng đài sẽ hướng dẫn từng bước.',
    incident: 'Khi gọi, vui lòng đọc mã sự cố',
    incidentHint: 'Mã này giúp tìm đúng lần đăng nhập vừa rồi. Mã không chứa thông tin cá nhân.',
    never: 'Giữ kín mật khẩu, mã PIN, mã OTP',
    neverText: 'Không đưa cho bất kỳ ai, kể cả người của tổng đài. Ai hỏi những thứ này là lừa đảo, hãy cúp máy.',
    sees: 'Liên Thông biết gì',
    seesList: [
      'Cách đăng nhập đã chọn và dịch vụ đã vào',
      'Thông tin nơi cấp tài khoản xác nhận, chỉ giữ trong phiên đăng nhập',
      'Thông tin nào đã được đồng ý gửi, cho cơ quan nào, đến khi nào',
    ],
    seesNot: 'Liên Thông không biết gì',
    seesNotList: [
      'Mật khẩu, mã PIN, mã xác thực (OTP)',
      'Việc làm trong dịch vụ sau khi đăng nhập',
      'Hồ sơ thuế, bảo hiểm, sức khỏe',
    ],
    questions: 'Câu hỏi thường gặp',
    answers: [
      {
        question: 'Trang báo mở ở trình duyệt khác?',
        answer:
          'Hãy mở trang dịch vụ bằng trình duyệt của máy, không mở đường dẫn trong ứng dụng trò chuyện, rồi bắt đầu lại.',
      },
      {
        question: 'Thông tin không khớp?',
        answer: 'Hãy liên hệ nơi cấp tài khoản (thuế, bảo hiểm xã hội, nhà mạng) để cập nhật theo thẻ căn cước.',
      },
      {
        question: 'Chưa đủ mức bảo đảm?',
        answer: 'Dịch vụ này cần cách đăng nhập an toàn hơn mật khẩu, như MobileID hoặc chữ ký số.',
      },
    ],
  },

  home: {
    title: 'Một lần đăng nhập cho mọi dịch vụ công',
    lead: 'Liên Thông giúp vào các dịch vụ công bằng tài khoản đang có. Không cần tạo tài khoản mới.',
    steps: 'Cách dùng',
    stepList: [
      'Ở trang dịch vụ công, bấm nút đăng nhập bằng Liên Thông.',
      'Chọn một cách đăng nhập đang có: mã số thuế, mã số BHXH, MobileID hoặc chữ ký số.',
      'Xem thông tin sẽ được gửi, rồi đồng ý hoặc không.',
    ],
    catalogue: 'Tìm dịch vụ',
    catalogueText: 'Mọi dịch vụ đăng nhập được bằng Liên Thông, xếp theo dịp trong đời.',
    cataloguePage: 'Mở danh mục dịch vụ',
    own: 'Thông tin của mình đang ở đâu',
    ownText: 'Xem ai đã nhận gì, rút lại, chặn một cách đăng nhập, hoặc tải toàn bộ dữ liệu về.',
    ownPage: 'Mở Trang của tôi',
    promises: 'Ba điều luôn giữ',
    promiseList: [
      'Mỗi cơ quan chỉ nhận thông tin đã được đồng ý.',
      'Mỗi cơ quan nhận một mã riêng, không ghép được với cơ quan khác.',
      'Mật khẩu và mã PIN chỉ nhập ở nơi cấp tài khoản.',
    ],
    agencies: 'Dành cho cơ quan, tổ chức',
    agenciesText: 'Liên Thông là một nhà cung cấp OpenID Connect theo chuẩn.',
    console: 'Đăng ký dịch vụ ở trang nhà phát triển',
    discovery: 'Địa chỉ cấu hình',
    button: 'Nút đăng nhập và đoạn mã mẫu',
  },

  buttonKit: buttonKitInVietnamese,

  catalogue: catalogueInVietnamese,
};

/** What each language must say, key for key. */
export type Texts = typeof vietnamese;
