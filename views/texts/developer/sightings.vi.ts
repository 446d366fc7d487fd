/** Owns what developers read of the sign-ins at their service, in Vietnamese: how they ended, where and why they failed. */
import type { ProtocolCause } from '../../../src/watching/error-causes.ts';
import type { Outcome, Step } from '../../../src/watching/sightings.ts';

export interface SightingsTexts {
  readonly outcomes: Readonly<Record<Outcome, string>>;
  readonly steps: Readonly<Record<Step, string>>;
  /** What was wrong, and what to do. */
  readonly causes: Readonly<Record<ProtocolCause, string>>;
}

export const sightingsInVietnamese: SightingsTexts = {
  outcomes: {
    signed_in: 'Đã đăng nhập',
    refused: 'Bị từ chối',
    cancelled: 'Người dân dừng lại',
    unavailable: 'Tạm thời gián đoạn',
    consent_refused: 'Không đồng ý chia sẻ',
    interaction_required: 'Cần người dân thao tác',
    request_refused: 'Yêu cầu sai',
    token_refused: 'Lỗi tại /token',
  },
  steps: {
    request: 'Yêu cầu',
    choose: 'Chọn cách đăng nhập',
    prove: 'Xác thực',
    identify: 'Định danh',
    assure: 'Mức bảo đảm',
    consent: 'Đồng ý chia sẻ',
    token: 'Token',
  },
  causes: {
    redirect_uri_unknown: 'redirect_uri không có trong danh sách đã đăng ký. So sánh từng ký tự với cài đặt.',
    redirect_uri_missing: 'Thiếu redirect_uri. Hãy gửi đúng địa chỉ đã đăng ký.',
    code_missing: 'Thiếu code. Hãy gửi mã vừa nhận ở redirect_uri.',
    parameter_missing: 'Thiếu một tham số bắt buộc. Hãy xem lại yêu cầu theo tài liệu tham khảo.',
    parameter_twice: 'Một tham số được gửi hai lần. Mỗi tham số chỉ gửi một lần.',
    code_challenge_missing: 'Thiếu code_challenge. Dịch vụ này phải dùng PKCE (RFC 7636) với S256.',
    code_challenge_method_wrong: 'code_challenge_method phải là S256.',
    code_challenge_invalid: 'code_challenge không hợp lệ. Đó là SHA-256 của code_verifier, viết bằng base64url.',
    scope_invalid: 'scope không hợp lệ: phải có openid, và chỉ gồm những scope đã đăng ký.',
    acr_values_unmet: 'Không cách đăng nhập nào của dịch vụ đạt mức yêu cầu. Xem lại acr_values và các nguồn.',
    response_type_unsupported: 'response_type phải là code.',
    response_mode_unsupported: 'response_mode phải là query hoặc form_post.',
    prompt_invalid: 'prompt không hợp lệ: none (một mình), login, consent hoặc select_account.',
    max_age_invalid: 'max_age phải là số giây, từ 0 trở lên.',
    claims_invalid: 'Tham số claims không phải là JSON đúng dạng (OpenID Connect Core 5.5).',
    id_token_hint_invalid: 'id_token_hint không phải là id token của dịch vụ này.',
    pushed_request_required: 'Dịch vụ này phải gửi yêu cầu tới /par trước (RFC 9126).',
    request_uri_expired: 'request_uri đã hết hạn hoặc đã dùng. Mỗi lần đăng nhập cần một request_uri mới.',
    too_many_requests: 'Quá nhiều yêu cầu trong thời gian ngắn. Chờ theo Retry-After rồi gửi lại.',
    client_authentication_method_wrong: 'Cách xác thực khác với cách đã đăng ký cho token endpoint.',
    client_authentication_missing:
      'Thiếu xác thực của dịch vụ. Gửi client_assertion hoặc client_secret như đã đăng ký.',
    client_authentication_twice: 'Dịch vụ xác thực bằng hai cách cùng lúc. Chỉ dùng một cách.',
    authorization_header_invalid:
      'Header Authorization sai dạng. client_id và client_secret phải được mã hóa form-urlencoded, rồi base64.',
    client_secret_wrong: 'client_secret sai. Kiểm tra môi trường, và xem mã bí mật đã được thay chưa.',
    client_secret_expired: 'client_secret đã hết hạn. Hãy tạo mã bí mật mới.',
    client_suspended: 'Dịch vụ đang bị tạm dừng. Xem lý do trong nhật ký của dịch vụ.',
    client_id_mismatch: 'client_id trong yêu cầu khác với client_id trong phần xác thực.',
    client_assertion_type_wrong:
      'client_assertion_type phải là urn:ietf:params:oauth:client-assertion-type:jwt-bearer.',
    assertion_algorithm_wrong: 'Thuật toán ký client_assertion không được chấp nhận. Dùng ES256, PS256 hoặc RS256.',
    assertion_audience_wrong: 'aud của client_assertion phải là issuer của cổng. Kiểm tra môi trường.',
    assertion_issuer_wrong: 'iss và sub của client_assertion phải là client_id.',
    assertion_subject_missing: 'client_assertion thiếu sub. sub phải là client_id.',
    assertion_jti_missing: 'client_assertion thiếu jti. Mỗi lần một jti mới.',
    assertion_used: 'client_assertion đã được dùng. Mỗi lần gọi phải ký một cái mới.',
    assertion_expired: 'client_assertion đã hết hạn. Kiểm tra exp và đồng hồ của máy chủ.',
    assertion_lives_too_long: 'exp của client_assertion quá xa. Nhiều nhất là 10 phút.',
    assertion_of_the_future: 'client_assertion có iat hoặc nbf ở tương lai. Kiểm tra đồng hồ của máy chủ.',
    assertion_key_unknown: 'Không có khóa nào với kid và alg này trong bộ khóa đã đăng ký.',
    assertion_signature_wrong: 'Chữ ký của client_assertion không khớp với khóa nào đã đăng ký.',
    jwks_unusable: 'Không đọc được khóa ở jwks_uri. Địa chỉ phải trả về JWK Set qua https.',
    assertion_invalid: 'client_assertion không phải là JWT đúng dạng.',
    grant_type_unsupported: 'grant_type phải là authorization_code.',
    code_unknown: 'Không có code này. Có thể code của môi trường khác, hoặc đã quá cũ.',
    code_expired: 'code đã hết hạn. Phải đổi code trong 60 giây.',
    code_used: 'code đã được dùng. Mỗi code chỉ đổi được một lần; mọi token của nó đã bị thu hồi.',
    code_of_another_client: 'code này được cấp cho dịch vụ khác.',
    redirect_uri_mismatch: 'redirect_uri tại /token khác với redirect_uri khi yêu cầu đăng nhập.',
    code_verifier_missing: 'Thiếu code_verifier của PKCE.',
    code_verifier_wrong: 'code_verifier không khớp với code_challenge. Có thể phiên của trình duyệt bị lẫn.',
    sign_in_ended: 'Phiên đăng nhập hoặc sự đồng ý đã kết thúc trước khi code được đổi.',
    dpop_proof_wrong: 'Bằng chứng DPoP không hợp lệ (RFC 9449). Kiểm tra htu, htm, iat và khóa.',
    body_invalid: 'Nội dung phải là application/x-www-form-urlencoded.',
    request_object_unsupported: 'Tham số request không được hỗ trợ. Hãy dùng /par.',
    request_uri_unsupported: 'Chỉ chấp nhận request_uri do /par cấp.',
    registration_unsupported: 'Tham số registration không được hỗ trợ.',
    not_identified: 'Không định danh được người dân. Lý do chỉ được nói với chính họ.',
    other: 'Lý do khác. Hãy báo số sự cố cho đường dây hỗ trợ.',
  },
};
