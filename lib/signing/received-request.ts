import { isUint8Array } from 'node:util/types';
import { InvalidSignatureError } from './invalid-signature.error';

/** Headers as Node, Express and Fastify give them, or as pairs: a `Headers`, a `Map`, an array. Names in any case. */
export type ReceivedHeaders =
  Readonly<Record<string, string | readonly string[] | undefined>> | Iterable<readonly [string, string]>;

/** A request as it arrived. */
export interface ReceivedRequest {
  readonly headers: ReceivedHeaders;
  /** The body exactly as received, UTF-8: parsing and serialising it again breaks the signature. */
  readonly body: string | Uint8Array;
  /** The verb; only for schemes that sign it. */
  readonly method?: string;
  /** The whole public URL that the sender called, query included; only for schemes that sign it. */
  readonly url?: string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * All values under one name, whatever the name's case.
 * @throws InvalidSignatureError when a value is not text
 */
export function headerValues(headers: ReceivedHeaders, name: string): string[] {
  const wanted = name.toLowerCase();
  const values = pairsOf(headers)
    .filter(([candidate, value]) => value !== undefined && candidate.toLowerCase() === wanted)
    .flatMap(([, value]) => value);
  if (values.every((value) => typeof value === 'string')) return values;
  throw new InvalidSignatureError(`Expected the header "${name}" to be text.`);
}

/** @throws InvalidSignatureError unless there is exactly one value, and it is not empty */
export function onlyHeader(headers: ReceivedHeaders, name: string): string {
  const [value, ...others] = headerValues(headers, name);
  if (value && others.length === 0) return value;
  throw new InvalidSignatureError(`Expected the request to have one header "${name}", got none or several.`);
}

/** @throws InvalidSignatureError when the body is neither text nor bytes that are UTF-8 */
export function bodyText(body: unknown): string {
  if (typeof body === 'string') return body;
  if (!isUint8Array(body)) throw unreadable(`got ${body === null ? 'null' : typeof body}`);
  try {
    return utf8.decode(body);
  } catch {
    throw unreadable('got bytes that are not UTF-8');
  }
}

function pairsOf(headers: ReceivedHeaders): (readonly [string, string | readonly string[] | undefined])[] {
  return Symbol.iterator in headers ? [...(headers as Iterable<readonly [string, string]>)] : Object.entries(headers);
}

function unreadable(got: string): InvalidSignatureError {
  return new InvalidSignatureError(
    `Expected the body as the text or the bytes that arrived, ${got}. Keep the raw body: what a parser made of it ` +
      'cannot be verified.',
  );
}
