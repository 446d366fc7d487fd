/** Owns what citizens read in Vietnamese when something goes wrong. Short, polite, nothing about the person. */
import type { ErrorCode, ErrorText } from '../../src/errors.ts';

export const errorsInVietnamese: Readonly<Record<ErrorCode, ErrorText>> = {
  not_a_person: {
    title: 'Đây không phải tài khoản cá nhân',
    text: 'Tài khoản vừa dùng thuộc về một tổ chức hoặc doanh nghiệp. Ở đây chỉ cá nhân mới đăng nhập được.',
    next: 'Vui lòng đăng nhập bằng tài khoản đứng tên cá nhân.',
  },
  needs_second_source: {
    title: 'Cần thêm một cách đăng nhập để xác nhận đúng người',
    text: 'Tài khoản vừa dùng không ghi số định danh cá nhân, nên chưa thể biết chắc đó là ai.',
    next: 'Vui lòng đăng nhập thêm một lần bằng cách khác. Việc này chỉ cần làm một lần.',
  },
  register_unavailable: {
    title: 'Dữ liệu dân cư đang gián đoạn',
    text: 'Hệ thống chưa thể đối chiếu thông tin lúc này. Sự cố không phải do thao tác đăng nhập.',
    next: 'Vui lòng quay lại sau ít phút.',
  },
  person_not_found: {
    title: 'Không tìm thấy số định danh này',
    text: 'Số định danh cá nhân ghi ở tài khoản vừa dùng chưa có trong dữ liệu dân cư.',
    next: 'Vui lòng liên hệ {authority} để kiểm tra lại số, hoặc chọn cách đăng nhập khác.',
  },
  ambiguous: {
    title: 'Chưa xác định được đúng người',
    text: 'Số giấy tờ ghi ở tài khoản vừa dùng chưa đủ để xác định một người duy nhất.',
    next: 'Vui lòng chọn cách đăng nhập có số định danh 12 chữ số, hoặc liên hệ {authority} để cập nhật.',
  },
  identity_mismatch: {
    title: 'Thông tin không khớp',
    text: 'Thông tin ở tài khoản vừa dùng không khớp với dữ liệu dân cư. Việc đăng nhập đã dừng để giữ an toàn.',
    next: 'Vui lòng liên hệ {authority} để kiểm tra và cập nhật, hoặc chọn cách đăng nhập khác.',
  },
  account_changed: {
    title: 'Tạm khóa: chủ tài khoản đã thay đổi',
    text: 'Tài khoản hoặc số điện thoại này nay ứng với một người khác, nên tạm thời chưa ai dùng để đăng nhập được.',
    next: 'Vui lòng chọn cách đăng nhập khác. Cần mở khóa, vui lòng gọi tổng đài.',
  },
  person_deceased: {
    title: 'Chưa thể đăng nhập',
    text: 'Dữ liệu dân cư ghi nhận đã mất.',
    next: 'Nếu sai, vui lòng liên hệ Ủy ban nhân dân cấp xã để sửa lại.',
  },
  guardian_required: {
    title: 'Cần cha, mẹ hoặc người giám hộ',
    text: 'Người dưới {age} tuổi chưa tự đăng nhập được.',
    next: 'Vui lòng nhờ cha, mẹ hoặc người giám hộ đăng nhập bằng tài khoản của mình để làm thay.',
  },
  person_locked: {
    title: 'Việc đăng nhập đang bị khóa',
    text: 'Việc đăng nhập qua Liên Thông của người này đang bị khóa, dù dùng cách nào.',
    next: 'Vui lòng gọi tổng đài để được biết lý do và mở khóa.',
  },
  source_blocked: {
    title: 'Cách đăng nhập này đã bị chặn',
    text: 'Chủ tài khoản đã chặn việc đăng nhập bằng {source}.',
    next: 'Vui lòng chọn cách đăng nhập khác. Muốn mở chặn, vui lòng vào Trang của tôi bằng cách khác hoặc gọi tổng đài.',
  },
  source_suspended: {
    title: 'Cách đăng nhập này đang tạm dừng',
    text: 'Có người báo lần đăng nhập bằng {source} không phải của mình, nên cách này tạm dừng để giữ an toàn.',
    next: 'Vui lòng đăng nhập bằng cách mạnh hơn để mở lại, hoặc gọi tổng đài.',
  },
  link_too_weak: {
    title: 'Cần cách đăng nhập mạnh hơn để liên kết',
    text: 'Để thêm một cách đăng nhập, cần xác nhận bằng cách mạnh nhất đã liên kết.',
    next: 'Vui lòng đăng nhập lại bằng cách mạnh nhất của mình rồi liên kết.',
  },
  sign_in_needed: {
    title: 'Vui lòng đăng nhập',
    text: 'Trang này chỉ mở cho người đã đăng nhập, hoặc phiên đăng nhập đã hết.',
    next: 'Vui lòng đăng nhập rồi mở lại trang.',
  },
  stronger_sign_in_needed: {
    title: 'Cần đăng nhập lại bằng cách mạnh hơn',
    text: 'Thay đổi này cần một lần đăng nhập mới bằng cách mạnh nhất đã liên kết.',
    next: 'Vui lòng đăng nhập lại, hoặc chọn chờ 7 ngày nếu được đề nghị.',
  },
  form_outdated: {
    title: 'Trang đã cũ',
    text: 'Trang này được mở ở một phiên đăng nhập khác, nên yêu cầu chưa được thực hiện.',
    next: 'Vui lòng mở lại trang và thử lần nữa.',
  },
  last_way: {
    title: 'Không thể bỏ cách đăng nhập cuối cùng',
    text: 'Nếu thực hiện, sẽ không còn cách nào để đăng nhập nữa.',
    next: 'Vui lòng liên kết thêm một cách đăng nhập khác trước.',
  },
  source_in_use: {
    title: 'Đang dùng chính cách đăng nhập này',
    text: 'Phiên hiện tại đăng nhập bằng chính cách này, nên chặn hoặc bỏ nó thì phiên này cũng kết thúc.',
    next: 'Nếu đúng ý, vui lòng đánh dấu ô xác nhận ở trang Cách đăng nhập. Nếu không, hãy đăng nhập bằng cách khác trước.',
  },
  contact_invalid: {
    title: 'Địa chỉ chưa đúng',
    text: 'Địa chỉ thư điện tử hoặc số điện thoại vừa nhập không đúng dạng.',
    next: 'Vui lòng kiểm tra và nhập lại.',
  },
  contact_code_wrong: {
    title: 'Mã chưa đúng',
    text: 'Mã vừa nhập không khớp với mã đã gửi.',
    next: 'Vui lòng nhập lại mã mới nhất.',
  },
  contact_code_expired: {
    title: 'Mã đã hết hạn',
    text: 'Mã đã quá hạn, đã dùng hoặc đã nhập sai quá nhiều lần.',
    next: 'Vui lòng yêu cầu một mã mới.',
  },
  contact_code_limit: {
    title: 'Đã gửi quá nhiều mã',
    text: 'Trong thời gian ngắn đã có quá nhiều mã được yêu cầu.',
    next: 'Vui lòng thử lại sau một giờ.',
  },
  link_used: {
    title: 'Đường dẫn này đã dùng rồi',
    text: 'Việc này đã được thực hiện một lần và không thực hiện lại nữa.',
    next: 'Nếu cần giúp, vui lòng gọi tổng đài.',
  },
  erasure_held: {
    title: 'Chưa thể xóa dữ liệu',
    text: 'Đang có cách đăng nhập bị tạm khóa hoặc một hồ sơ chưa giải quyết xong.',
    next: 'Vui lòng chờ hồ sơ được giải quyết rồi yêu cầu lại.',
  },
  change_gone: {
    title: 'Thay đổi này không còn chờ nữa',
    text: 'Thay đổi đã được thực hiện hoặc đã được dừng.',
    next: 'Vui lòng xem lại ở Trang của tôi.',
  },
  no_contact: {
    title: 'Chưa có địa chỉ liên hệ để báo',
    text: 'Chỉ có thể chờ 7 ngày khi đã có thư điện tử hoặc điện thoại để báo cho biết.',
    next: 'Vui lòng đăng nhập bằng cách mạnh nhất đã liên kết.',
  },
  too_many_cases: {
    title: 'Đang có quá nhiều hồ sơ',
    text: 'Đã có 20 hồ sơ chưa được trả lời.',
    next: 'Vui lòng chờ trả lời hoặc gọi tổng đài.',
  },
  withdrawal_not_possible: {
    title: 'Không rút lại được ở đây',
    text: 'Cơ quan này nhận thông tin theo quy định của pháp luật, không dựa vào sự đồng ý.',
    next: 'Nếu không đồng tình, vui lòng gửi yêu cầu phản đối ở mục Quyền của tôi.',
  },

  source_cancelled: {
    title: 'Đã hủy đăng nhập',
    text: 'Lần đăng nhập bằng {source} đã được hủy. Chưa có thông tin nào được chia sẻ.',
    next: 'Vui lòng thử lại hoặc chọn cách khác.',
  },
  source_timeout: {
    title: 'Đã hết thời gian chờ',
    text: 'Chưa nhận được xác nhận từ {source}.',
    next: 'Vui lòng thử lại và xác nhận ngay khi được hỏi, hoặc chọn cách khác.',
  },
  source_account_locked: {
    title: 'Tài khoản đang bị khóa',
    text: 'Nơi quản lý tài khoản này đang khóa tài khoản.',
    next: 'Vui lòng liên hệ {authority} để mở khóa, hoặc chọn cách khác.',
  },
  source_unavailable: {
    title: '{source} đang gián đoạn',
    text: 'Cách đăng nhập này tạm thời chưa dùng được. Sự cố không phải do thao tác đăng nhập.',
    next: 'Vui lòng chọn cách khác, hoặc thử lại sau ít phút.',
  },
  source_answer_invalid: {
    title: 'Chưa xác nhận được kết quả',
    text: 'Kết quả nhận từ {source} không hợp lệ nên không được sử dụng.',
    next: 'Vui lòng thử lại hoặc chọn cách khác.',
  },
  source_not_allowed: {
    title: 'Chưa dùng được cách này',
    text: 'Cách đăng nhập vừa chọn chưa đủ mức bảo đảm, hoặc không dùng cho dịch vụ này.',
    next: 'Vui lòng chọn một cách khác đang mở.',
  },
  phone_absent: {
    title: 'Không liên lạc được với điện thoại',
    text: 'Điện thoại đang tắt hoặc ngoài vùng phủ sóng.',
    next: 'Vui lòng mở máy, kiểm tra sóng rồi thử lại, hoặc chọn cách khác.',
  },
  delivery_error: {
    title: 'Chưa gửi được yêu cầu đến điện thoại',
    text: 'Nhà mạng chưa chuyển được yêu cầu xác nhận đến điện thoại.',
    next: 'Vui lòng thử lại sau ít phút, hoặc chọn cách khác.',
  },
  sim_error: {
    title: 'SIM chưa ký được',
    text: 'SIM trong điện thoại không trả lời yêu cầu xác nhận.',
    next: 'Vui lòng tắt máy, mở lại rồi thử lần nữa. Nếu vẫn lỗi, vui lòng liên hệ nhà mạng.',
  },
  signature_invalid: {
    title: 'Chữ ký không hợp lệ',
    text: 'Chữ ký nhận được không khớp với lần đăng nhập này nên không được chấp nhận.',
    next: 'Vui lòng thử lại hoặc chọn cách khác.',
  },
  not_a_subscriber: {
    title: 'Chưa đăng ký ký số trên điện thoại',
    text: 'Số điện thoại và số định danh này chưa được đăng ký cùng nhau để ký số trên điện thoại.',
    next: 'Vui lòng kiểm tra lại cả hai số, đăng ký với nhà mạng, hoặc chọn cách khác.',
  },
  certificate_revoked: {
    title: 'Chứng thư chữ ký số không còn hiệu lực',
    text: 'Chứng thư này đã bị thu hồi hoặc đang tạm dừng.',
    next: 'Vui lòng liên hệ nơi cấp chứng thư, hoặc chọn cách đăng nhập khác.',
  },
  certificate_expired: {
    title: 'Chứng thư chữ ký số đã hết hạn',
    text: 'Thời hạn sử dụng của chứng thư này đã kết thúc.',
    next: 'Vui lòng gia hạn ở nơi cấp chứng thư, hoặc chọn cách đăng nhập khác.',
  },
  certificate_not_trusted: {
    title: 'Chứng thư chữ ký số chưa được công nhận',
    text: 'Nơi cấp chứng thư này không có trong danh sách được công nhận.',
    next: 'Vui lòng dùng chứng thư do nơi được công nhận cấp, hoặc chọn cách đăng nhập khác.',
  },
  certificate_not_yet_valid: {
    title: 'Chứng thư chữ ký số chưa có hiệu lực',
    text: 'Chưa đến ngày bắt đầu sử dụng của chứng thư này.',
    next: 'Vui lòng xem lại ngày hiệu lực ghi trên chứng thư, hoặc chọn cách đăng nhập khác.',
  },
  certificate_purpose: {
    title: 'Chứng thư này không dùng để đăng nhập',
    text: 'Chứng thư vừa chọn được cấp cho mục đích khác.',
    next: 'Vui lòng chọn chứng thư dùng để xác thực, hoặc chọn cách đăng nhập khác.',
  },
  certificate_policy: {
    title: 'Loại chứng thư này chưa được chấp nhận',
    text: 'Chứng thư vừa chọn không thuộc loại được dùng để đăng nhập ở đây.',
    next: 'Vui lòng chọn chứng thư khác, hoặc chọn cách đăng nhập khác.',
  },
  certificate_unknown: {
    title: 'Nơi cấp không nhận ra chứng thư này',
    text: 'Nơi cấp trả lời rằng không có chứng thư này. Chứng thư mới cấp có thể cần một thời gian mới được ghi nhận.',
    next: 'Vui lòng liên hệ nơi cấp chứng thư, hoặc chọn cách đăng nhập khác.',
  },
  certificate_status_unknown: {
    title: 'Chưa kiểm tra được chứng thư chữ ký số',
    text: 'Tạm thời chưa xác định được chứng thư này có bị thu hồi hay không. Sự cố không phải do thao tác đăng nhập.',
    next: 'Vui lòng thử lại sau ít phút, hoặc chọn cách đăng nhập khác.',
  },

  other_browser: {
    title: 'Trang mở ở trình duyệt khác',
    text:
      'Lần đăng nhập này bắt đầu ở một trình duyệt khác, hoặc đã quá lâu. ' +
      'Điều này hay xảy ra khi mở đường dẫn trong ứng dụng trò chuyện như Zalo, Messenger.',
    next:
      'Vui lòng mở trang dịch vụ bằng trình duyệt thường dùng và bắt đầu lại. ' +
      'Nếu có người gửi đường dẫn này và nhờ đăng nhập, xin đừng làm theo.',
  },
  request_expired: {
    title: 'Đã hết thời gian',
    text: 'Lần đăng nhập này đã hết hạn, hoặc bước này đã làm xong. Bấm nút quay lại của trình duyệt cũng dẫn đến đây.',
    next: 'Vui lòng bắt đầu lại từ trang dịch vụ.',
  },
  client_unknown: {
    title: 'Dịch vụ này chưa đăng ký',
    text: 'Trang web vừa mở chưa được đăng ký để dùng Liên Thông.',
    next: 'Vui lòng kiểm tra lại địa chỉ trang web, hoặc báo cho cơ quan cung cấp dịch vụ.',
  },
  client_suspended: {
    title: 'Dịch vụ này đang tạm dừng',
    text: 'Hiện chưa thể đăng nhập vào dịch vụ này: cơ quan cung cấp, hoặc Liên Thông, đã cho tạm dừng. Việc này không phải do thao tác đăng nhập.',
    next: 'Vui lòng quay lại sau, hoặc hỏi cơ quan cung cấp khi nào dịch vụ mở lại.',
  },
  redirect_uri_unknown: {
    title: 'Không thể quay về dịch vụ này',
    text: 'Địa chỉ quay về không đúng với địa chỉ mà cơ quan đã đăng ký. Việc đăng nhập đã dừng để giữ an toàn.',
    next: 'Vui lòng kiểm tra lại địa chỉ trang web, hoặc báo cho cơ quan cung cấp dịch vụ.',
  },
  request_invalid: {
    title: 'Yêu cầu chưa đúng',
    text: 'Trang dịch vụ gửi đến một yêu cầu mà hệ thống không đọc được.',
    next: 'Vui lòng bắt đầu lại từ trang dịch vụ. Nếu vẫn lỗi, vui lòng báo cho cơ quan cung cấp dịch vụ.',
  },
  cross_site_request: {
    title: 'Yêu cầu đến từ trang khác',
    text: 'Yêu cầu này không được gửi từ trang Liên Thông nên đã bị chặn.',
    next: 'Vui lòng bắt đầu lại từ trang dịch vụ.',
  },
  too_weak: {
    title: 'Chưa đủ mức bảo đảm',
    text: 'Dịch vụ này cần một cách đăng nhập an toàn hơn.',
    next: 'Vui lòng chọn cách đăng nhập có mức bảo đảm cao hơn, như MobileID hoặc chữ ký số.',
  },
  another_person: {
    title: 'Hai lần đăng nhập không cùng một người',
    text: 'Lần xác thực bổ sung không phải của người đang đăng nhập.',
    next: 'Vui lòng xác thực bằng tài khoản của chính mình, hoặc đăng xuất rồi đăng nhập lại.',
  },
  consent_refused: {
    title: 'Đã chọn không đồng ý',
    text: 'Không có thông tin nào được chia sẻ.',
    next: 'Có thể quay về trang dịch vụ, hoặc bắt đầu lại khi cần.',
  },
  sign_out_invalid: {
    title: 'Chưa đăng xuất được',
    text: 'Yêu cầu đăng xuất không đúng hoặc đã hết hạn.',
    next: 'Vui lòng đăng xuất lại từ trang dịch vụ. Trên máy dùng chung, vui lòng đóng hẳn trình duyệt.',
  },

  session_needed: {
    title: 'Chỉ làm được khi đăng nhập',
    text: 'Việc này cần người đã đăng nhập trên trang nhà phát triển, không dùng mã API được.',
    next: 'Đăng nhập vào trang nhà phát triển rồi làm lại.',
  },
  scope_missing: {
    title: 'Mã API không đủ quyền',
    text: 'Mã API này không có phạm vi cần cho việc đó.',
    next: 'Tạo mã mới với phạm vi phù hợp.',
  },
  role_too_small: {
    title: 'Vai trò của bạn chưa đủ',
    text: 'Việc này cần vai trò cao hơn trong cơ quan.',
    next: 'Nhờ một chủ quản của cơ quan làm, hoặc đổi vai trò cho bạn.',
  },
  introduction_needed: {
    title: 'Bạn chưa giới thiệu mình',
    text: 'Đồng nghiệp cần biết ai đã làm gì, nên trước hết cần tên và thư công vụ của bạn.',
    next: 'Mở trang tài khoản và điền hai ô.',
  },
  settings_invalid: {
    title: 'Thông tin chưa đúng',
    text: 'Một số mục chưa đúng; lý do ghi cạnh từng mục.',
    next: 'Sửa các mục đó rồi gửi lại.',
  },
  logo_refused: {
    title: 'Không nhận hình này',
    text: 'Biểu trưng phải là PNG hoặc SVG an toàn; lý do được ghi kèm.',
    next: 'Sửa tệp rồi tải lên lại.',
  },
  edited_meanwhile: {
    title: 'Người khác vừa sửa',
    text: 'Nội dung đã khác so với lúc bạn mở; chưa có gì được ghi.',
    next: 'Xem lại bản hiện tại rồi làm lại.',
  },
  id_taken: {
    title: 'Mã này đã có người dùng',
    text: 'Đã có cơ quan hoặc dịch vụ mang mã này.',
    next: 'Chọn mã khác.',
  },
  last_owner: {
    title: 'Đây là chủ quản cuối cùng',
    text: 'Một cơ quan luôn phải có ít nhất một chủ quản.',
    next: 'Thêm chủ quản khác trước.',
  },
  invitation_gone: {
    title: 'Lời mời không còn dùng được',
    text: 'Lời mời đã được dùng, đã bị rút hoặc đã quá hạn.',
    next: 'Xin một lời mời mới.',
  },
  credential_limit: {
    title: 'Đã có hai cái còn hiệu lực',
    text: 'Mỗi lúc chỉ có hai bí mật hoặc hai khóa cho mỗi việc.',
    next: 'Bỏ cái cũ trước khi thêm cái mới.',
  },
  limit_reached: {
    title: 'Đã đến giới hạn',
    text: 'Số lượng đã đến mức tối đa.',
    next: 'Xóa bớt cái không dùng nữa.',
  },
  not_ready_for_production: {
    title: 'Chưa thể đưa vào chính thức',
    text: 'Còn điều kiện chưa đạt; từng điều kiện được ghi kèm.',
    next: 'Hoàn tất các điều kiện rồi gửi lại.',
  },
  own_submission: {
    title: 'Không tự duyệt được',
    text: 'Người soạn hoặc người đã duyệt không thể duyệt thêm.',
    next: 'Nhờ một chủ quản khác, hoặc chờ cán bộ thẩm định của Liên Thông.',
  },
  not_possible_now: {
    title: 'Lúc này không làm được',
    text: 'Trạng thái hiện tại không cho phép việc này.',
    next: 'Tải lại trang để xem trạng thái hiện tại.',
  },
  store_unavailable: {
    title: 'Hệ thống đang gián đoạn',
    text: 'Liên Thông tạm thời chưa phục vụ được. Sự cố không phải do thao tác đăng nhập; những gì đã xác nhận vẫn được giữ.',
    next: 'Vui lòng thử lại sau giây lát: tải lại trang này, hoặc bắt đầu lại tại dịch vụ.',
  },
  internal_error: {
    title: 'Hệ thống gặp sự cố',
    text: 'Đã xảy ra lỗi ở phía Liên Thông. Sự cố đã được ghi lại.',
    next: 'Vui lòng bắt đầu lại. Nếu vẫn lỗi, vui lòng gọi tổng đài và đọc mã sự cố.',
  },
  not_found: {
    title: 'Không tìm thấy trang này',
    text: 'Địa chỉ có thể bị gõ nhầm hoặc trang đã được dời đi.',
    next: 'Vui lòng kiểm tra lại địa chỉ, hoặc bắt đầu lại từ trang dịch vụ.',
  },
  method_not_allowed: {
    title: 'Không mở được trang theo cách này',
    text: 'Trang này chỉ mở được từ bước liền trước của lần đăng nhập.',
    next: 'Vui lòng bắt đầu lại từ trang dịch vụ.',
  },
  too_large: {
    title: 'Nội dung gửi quá lớn',
    text: 'Hệ thống không nhận được nội dung dài như vậy.',
    next: 'Vui lòng bắt đầu lại từ trang dịch vụ.',
  },
  too_many_requests: {
    title: 'Đã thử quá nhiều lần',
    text: 'Để giữ an toàn, hệ thống tạm dừng nhận yêu cầu từ nơi này.',
    next: 'Vui lòng đợi vài phút rồi thử lại.',
  },

  configuration_invalid: {
    title: 'Cấu hình chưa đúng',
    text: 'Có thiết lập thiếu hoặc sai, hệ thống không khởi động.',
    next: 'Sửa các thiết lập được nêu rồi khởi động lại.',
  },
  port_taken: {
    title: 'Cổng mạng đang được dùng',
    text: 'Một chương trình khác đang dùng cổng mạng này.',
    next: 'Dừng chương trình đó hoặc chọn cổng khác.',
  },
  store_locked: {
    title: 'Kho dữ liệu đang được mở',
    text: 'Một tiến trình khác của hệ thống đang mở kho dữ liệu này.',
    next: 'Dừng tiến trình đó rồi khởi động lại.',
  },
  store_newer: {
    title: 'Kho dữ liệu thuộc phiên bản mới hơn',
    text: 'Kho dữ liệu do một phiên bản mới hơn của phần mềm ghi ra.',
    next: 'Chạy phiên bản mới hơn, hoặc khôi phục bản sao lưu cũ.',
  },
  store_unreadable: {
    title: 'Không đọc được kho dữ liệu',
    text: 'Tệp dữ liệu hỏng, thiếu quyền đọc, hoặc được mã hóa bằng khóa khác.',
    next: 'Kiểm tra quyền và khóa, hoặc khôi phục bản sao lưu.',
  },
  keys_missing: {
    title: 'Thiếu khóa',
    text: 'Chưa có các khóa mà hệ thống cần để ký và mã hóa.',
    next: 'Tạo khóa và khai báo nơi đặt khóa rồi khởi động lại.',
  },
  keys_invalid: {
    title: 'Khóa không dùng được',
    text: 'Có khóa sai định dạng, quá ngắn hoặc không đúng loại.',
    next: 'Thay khóa được nêu rồi khởi động lại.',
  },
};
