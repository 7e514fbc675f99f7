import { createHmac, timingSafeEqual, type BinaryToTextEncoding } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/** A request as far as its signature is concerned. */
export interface SignedRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body as it arrived. */
  readonly rawBody: string;
}

type Check = (secret: string, request: SignedRequest) => boolean;

/** How subscribers find out whether a request is genuine, by contract and with nothing that this project wrote. */
export const SIGNATURE_CHECKS: Readonly<Record<string, Check>> = {
  standard: (secret, { headers, rawBody }) => {
    try {
      new Webhook(secret).verify(rawBody, headers as Record<string, string>);
      return true;
    } catch {
      return false;
    }
  },
  readycloud: (token, { headers }) => same(headers.http_auth, token) && same(headers.auth, token),
  ewarehousing: (secret, { headers, rawBody }) => same(headers['x-hmac-sha256'], hmac(secret, rawBody, 'base64')),
  packcloud: (secret, { headers, rawBody }) => same(headers.signature, hmac(secret, rawBody, 'hex')),
};

function hmac(secret: string, rawBody: string, encoding: BinaryToTextEncoding): string {
  return createHmac('sha256', secret).update(rawBody).digest(encoding);
}

function same(given: string | string[] | undefined, expected: string): boolean {
  const [one, other] = [Buffer.from(String(given)), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
