import { createHash } from 'node:crypto';
import { equalTexts } from './constant-time';
import type { SignatureEncoding } from './encoding';
import type { SignatureHash } from './hmac.algorithm';
import { hmac } from './hmac.scheme';
import { InvalidSignatureError } from './invalid-signature.error';
import type { SecretFormat } from './secret-format';
import type { SignatureScheme } from './signature-scheme';
import type { SignedMessage } from './signed-message';

export interface UrlAndFormOptions {
  /** The header that holds the signature, such as `X-Twilio-Signature`. */
  readonly header: string;
  /** @default 'sha1' */
  readonly algorithm?: SignatureHash;
  /** @default 'base64' */
  readonly encoding?: SignatureEncoding;
  /** What secrets look like. @default textSecret() */
  readonly secret?: SecretFormat;
}

/**
 * An HMAC over the URL and the names and values of the form in the body, sorted and with nothing between, as Twilio has
 * it. A URL with `bodySHA256`, the hash of a body that is not a form, is signed alone. Only for contracts that demand it:
 * it cannot tell `a=bc` from `ab=c`, nor a repetition from the original.
 *
 * @example urlAndForm({ header: 'X-Twilio-Signature' })
 */
export function urlAndForm({
  algorithm = 'sha1',
  encoding = 'base64',
  ...options
}: UrlAndFormOptions): SignatureScheme {
  return hmac({ ...options, algorithm, encoding, content: urlAndFields });
}

function urlAndFields({ url, body }: SignedMessage): string {
  const hash = new URL(url).searchParams.get('bodySHA256');
  if (hash === null) return url + sortedFields(body);
  if (equalTexts(hash, createHash('sha256').update(body).digest('hex'))) return url;
  throw new InvalidSignatureError('Expected the body to have the hash that the URL gives in "bodySHA256".');
}

/** Twilio signs a value once, however often its name has it. */
function sortedFields(form: string): string {
  const fields = new Map<string, Set<string>>();
  for (const [name, value] of new URLSearchParams(form)) {
    fields.set(name, (fields.get(name) ?? new Set()).add(value));
  }
  return [...fields.keys()]
    .sort()
    .flatMap((name) => [...fields.get(name)!].sort().map((value) => name + value))
    .join('');
}
