import { validateHeaderName, validateHeaderValue } from 'node:http';

const MOST = 20;
const LONGEST_NAME = 100;
const LONGEST_VALUE = 4_096;

/** They frame the request, or are the signature's or the contract's own. */
const RESERVED =
  /^(connection|content-.*|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|webhook-.*)$/;

export const OWNERS_HEADERS_LIMITS = { entries: MOST, keyLength: LONGEST_NAME, valueLength: LONGEST_VALUE };

/** What is wrong with headers that an owner wants on every request; undefined when nothing is. Their values are not said. */
export function objectionToHeaders(headers: Readonly<Record<string, string>>): string | undefined {
  const names = Object.keys(headers);
  if (names.length > MOST) return `at most ${MOST} headers can be added`;
  if (new Set(names.map(readAs)).size < names.length) return 'a header is named twice';
  const reserved = names.find((name) => RESERVED.test(readAs(name)) || name in Object.prototype);
  if (reserved !== undefined) return `${JSON.stringify(reserved.slice(0, LONGEST_NAME))} is not for owners to say`;
  const wrong = Object.entries(headers).find((header) => !isSendable(header));
  return wrong && `${JSON.stringify(wrong[0].slice(0, LONGEST_NAME))} is not as HTTP allows it`;
}

/** CGI and what is made like it see no difference between "webhook-id" and "Webhook_Id". */
function readAs(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}

function isSendable([name, value]: [string, unknown]): boolean {
  if (typeof value !== 'string' || name.length > LONGEST_NAME || value.length > LONGEST_VALUE) return false;
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
