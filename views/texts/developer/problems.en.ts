/** Owns why settings, keys and logos are not taken, in English: what is wrong, and what to do instead. */
import type { problemsInVietnamese } from './problems.vi.ts';

export const problemsInEnglish: typeof problemsInVietnamese = {
  missing: 'Nothing is written here. Fill it in before the service goes live.',
  too_long:
    'This is too long. Shorten it (addresses: 500 characters; name: 100; short name: 20; purpose, legal basis: 300).',
  twice: 'This is in the list already. Remove one of the two.',

  address_relative: 'This is no complete address. Write all of it, like https://services.hanoi.gov.vn/callback.',
  address_characters:
    'There are spaces, control characters, backslashes or characters beyond ASCII. Percent-encode them in the path, and write a domain with marks in its xn-- form.',
  address_wildcard: 'There is a *. Write each address out in full; where there are several, list them one by one.',
  address_scheme: 'This is no web address. Begin it with https://.',
  address_http:
    'Nothing protects http on its way. Use https; http is only for localhost, 127.0.0.1 and [::1] in the sandbox.',
  address_fragment: 'There is a part after #, which never reaches a server. Remove the # and what follows.',
  address_credentials: 'There is a name or password before an @. Remove it; no secret belongs into an address.',
  address_ip: 'This is an IP address instead of a name. Use a domain of your agency.',
  address_loopback:
    'This leads to the very machine it is opened on. Use a public domain; localhost is only for the sandbox, for addresses that the browser opens.',
  address_port: 'This port is not for the web. Leave the port out, or use one from 1024 on, like 8443.',
  address_path:
    'The path has /../, /./, //, a semicolon or an encoded separator, which servers read differently. Write the final path plainly.',
  address_query:
    'There is a parameter that the hub adds itself when it answers (code, state, iss, error…). Name yours otherwise.',
  address_not_normal:
    'A browser would write this address differently. Write the domain in lower case and without the usual port, as the browser shows it when opened.',
  host_single_label:
    'The host name has one part only, which works in a local network only. Use a complete domain name.',
  host_reserved:
    'This name is for local networks, for trying, or belongs to nobody alone. Use a domain that your agency has registered.',
  host_letters:
    'This is no domain name, or has letters beyond the Vietnamese alphabet that are easily taken for others. Use a–z, digits and hyphens between the dots.',
  host_of_hub: 'This is an address of the hub itself. Use one of your service.',
  host_like_hub: 'The domain is easily taken for the hub’s. Use one that is clearly different.',
  host_like_government:
    'The domain looks as if it were under gov.vn, and is not. Use one that ends in .gov.vn, or one that does not suggest it.',
  host_of_other_agency: 'This host belongs to a service of another agency. Use one of your own agency.',
  host_like_other_agency:
    'The domain is easily taken for a service of another agency. Use one that is clearly different.',

  key_malformed: 'This key cannot be read. Hand in a public key as a JWK (RFC 7517), in proper base64url.',
  key_private:
    'This is a private key, and now that it was sent it is private no more. Make a new pair of keys, and hand in the public half only (without d, p, q).',
  key_symmetric: 'This is a symmetric key. Hand in a public key of type EC or RSA.',
  key_type: 'The hub does not use this type of key. Hand in an EC key on P-256, P-384 or P-521, or an RSA key.',
  key_weak: 'This key is too weak. Use RSA of 2048 bits or more with the exponent 65537, or EC on P-256.',
  key_too_large: 'This key is too large. Use RSA of 8192 bits at most, and leave certificates out.',
  key_algorithm:
    'The key does not go with the algorithm in alg. To sign: ES256 with P-256, RS256 or PS256 with RSA. To encrypt: ECDH-ES with EC, RSA-OAEP-256 with RSA.',
  key_use:
    'What use or key_ops say is not right. Say sig in use for signing or enc for encryption, and leave key_ops out where it differs.',
  key_twice: 'The service has this key already. Make a new pair of keys.',
  key_id_twice: 'Another key of the service has this kid. Choose another, or leave it out and the hub chooses one.',
  key_elsewhere: 'Another service uses this key. Each service needs a pair of keys of its own.',

  jwks_unreachable:
    'The hub cannot fetch the set of keys: the domain has to be open to the public, with a valid certificate, and answer 200. Open the address in a browser outside the network of the agency.',
  jwks_redirected: 'The address of keys redirects elsewhere. Give the final address itself.',
  jwks_too_large: 'The answer at the address of keys is too large. It may have 64 KB.',
  jwks_too_slow: 'The address of keys answers too slowly. The whole answer has to come within 3 seconds.',
  jwks_malformed:
    'There is no set of keys at this address (RFC 7517). Answer with JSON, not compressed, that has keys.',
  jwks_private:
    'There is a private or symmetric key in the set, and everybody could fetch it. Make a new pair of keys and publish the public half only.',
  jwks_weak: 'There is a key in the set that is too weak. Remove it, and use RSA of 2048 bits or more, or EC on P-256.',
  jwks_without_key:
    'No key in the set that has not ended goes with the settings. To sign: P-256 or RSA; to encrypt: EC for ECDH-ES, RSA for RSA-OAEP-256.',

  text_characters:
    'There are control characters, invisible ones, ones that turn the direction of writing, emoji or needless spaces. Use ordinary letters.',
  text_letters:
    'There are letters that are not Latin, or pose as Latin ones. Use the letters of Vietnamese or English.',
  text_address: 'There is a web address among the words. Write it into the field for addresses.',
  name_of_hub: 'This is the name of the hub itself. Use the name of your service.',

  logo_unknown: 'There is no such logo. Upload it first, and use the id you are given.',
  source_unknown: 'There is no such way to sign in. Choose from the list of the hub’s sources.',
  level_unreachable: 'No source that is allowed reaches this level. Lower the minimum, or allow a stronger source.',
  legal_basis_missing: 'The basis is law, and no provision is cited. Cite article, clause and number of the document.',
  legal_basis_unnumbered:
    'The provision has no number. Cite article, clause and number of the document, like: Article 20, Law on Residence No. 68/2020/QH14.',
  legal_basis_unused: 'Where the basis is consent no provision is cited. Choose law as the basis, or leave this empty.',
  verified_claims_empty:
    'Verified claims are asked for, and no item that a register verifies. Add one, like the name, or do not ask for them.',
  authentication_without_key:
    'private_key_jwt needs a key to sign with, and there is none. Add one that has not ended (P-256 or RSA), or give a jwks_uri.',
  authentication_without_secret: 'A client secret is to be used, and there is none that has not ended. Make one.',
  encryption_without_key:
    'No key goes with this encryption. Add one that has not ended: EC for ECDH-ES, RSA for RSA-OAEP-256, with enc in use; or give a jwks_uri.',
  mail_malformed: 'This is no mail address. Write it like technology@hanoi.gov.vn.',
  phone_malformed: 'This is no telephone number. Write it like 024 3825 3536 or +84 24 3825 3536.',

  logo_type: 'This is neither a PNG nor an SVG file. Save the logo as one of them.',
  logo_too_large: 'The file is too large. It may have 100 KB.',
  png_damaged:
    'The PNG file is damaged, has something after its end, or does not follow the standard. Export it again.',
  png_size: 'The picture has the wrong size. Each side must have between 32 and 1024 pixels.',
  svg_malformed: 'The SVG file cannot be read. It must be well-formed XML in UTF-8.',
  svg_doctype: 'The SVG file has a DOCTYPE or declares entities. Remove the lines with <!DOCTYPE> and <!ENTITY>.',
  svg_instruction: 'The SVG file has processing instructions like <?xml-stylesheet?>. Remove them.',
  svg_namespace: 'The SVG file has a namespace beyond SVG, or lacks that of SVG. Export it as “plain SVG”.',
  svg_element:
    'The SVG file has an element that a logo may not have (embedded image, link, animation, filter, foreignObject…). Turn everything into shapes.',
  svg_script: 'The SVG file has a script. Remove the script elements.',
  svg_event_handler: 'The SVG file has event handlers like onload. Remove all attributes that begin with on.',
  svg_attribute: 'The SVG file has an attribute that a logo may not have. Export it as “plain SVG”.',
  svg_style:
    'The style in the SVG file has a url(), an @import or a property that a logo may not have. Use attributes like fill and stroke.',
  svg_reference: 'The SVG file refers to something outside. It may refer to its own elements only, like #shape.',
  svg_nested_reference:
    'A shape that is used again in the SVG file itself uses others again. Turn repeated shapes into paths.',
  svg_view_box: 'The SVG file has no viewBox, or a wrong one. It takes four numbers, like viewBox="0 0 64 64".',
  svg_size: 'The logo is too long or too large. One side may be 4 times the other, and width and height 4096 at most.',
  svg_too_complex:
    'The SVG file is too complex. It may have 1000 elements, 30 levels of nesting, and shapes used again 50 times.',

  two_owners_needed:
    'The agency needs two owners at least: one hands in, another agrees. Invite another owner on the agency’s page.',
  sandbox_not_live: 'The service is not live in the sandbox. Bring it into the sandbox first.',
  score_card_not_full:
    'The score card of the fault simulator is not full. Run every fault on the simulator’s page; each has to be passed within the last 90 days.',
  nothing_changed: 'The draft is the same as what is live. Change the draft before handing it in.',
  not_this_service: 'This is not the id of this service. Type it again, exactly, to confirm.',
  registration_refused:
    'The issuer does not take the service as it is written. Look at its keys, algorithms and secrets, or tell the hotline the incident number.',
};
