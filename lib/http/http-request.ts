import type { IncomingHttpHeaders } from 'node:http';
import { NothingFoundError } from '../contracts/problem';
import type { IncomingBody } from '../contracts/requests/request-formats';
import { urlFrom } from '../shared/url';

/**
 * What the requests of both adapters have. Handlers take the whole request, with `@Req()`, and read it here: no pipe is
 * run on it, so that what the host's global pipes refuse or transform changes nothing in our routes.
 */
export interface HttpRequest {
  readonly headers: IncomingHttpHeaders;
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly body: unknown;
  /** The bytes of the body, where the host keeps them. */
  readonly rawBody?: Buffer;
  readonly method: string;
  readonly protocol: string;
  /** With the port, and as far as the host trusts its proxies; Express 4 leaves the port out. */
  readonly host?: string;
  /** The path and the query, as they came. */
  readonly originalUrl: string;
}

/** What the responses of both adapters have. */
export interface HttpResponse {
  status(code: number): this;
  header(name: string, value: string): this;
  send(body?: string): unknown;
  /** Express. */
  readonly headersSent?: boolean;
  /** Fastify. */
  readonly sent?: boolean;
}

const POSSIBLE_IDENTIFIER = /^[\w-]{1,64}$/;

/**
 * The `:id` of the path. What cannot be an id is not found, so that no database has to cope with it.
 * @throws NothingFoundError
 */
export function idOf({ params }: HttpRequest): string {
  if (params.id !== undefined && POSSIBLE_IDENTIFIER.test(params.id)) return params.id;
  throw new NothingFoundError('The path contains something that is not an id.');
}

/** The path as the caller wrote it, without the query. */
export function pathOf({ originalUrl }: Pick<HttpRequest, 'originalUrl'>): string {
  return originalUrl.split('?')[0]!;
}

/** The body with what is known of it. */
export function incomingBody({ headers, body, rawBody }: HttpRequest): IncomingBody {
  const length = headers['content-length'];
  return { contentType: headers['content-type'], body, rawBody, length: length === undefined ? undefined : +length };
}

/** The URL that the caller has asked for. A host that none can have, which callers may well name, is not in it. */
export function urlOf({ protocol, host, headers, originalUrl }: HttpRequest): URL {
  // What a proxy forwards, and a host trusts, may be any word.
  const scheme = protocol === 'https' ? 'https' : 'http';
  const base = urlFrom(`${scheme}://${host ?? headers.host ?? ''}`) ?? new URL(`${scheme}://localhost`);
  // Not resolved against it: a path that begins with two slashes would be another host.
  if (originalUrl.startsWith('/')) return new URL(base.origin + originalUrl);
  // A whole URL, which Express takes apart by rules of its own (RFC 9112, section 3.2.2).
  return urlFrom(originalUrl) ?? base;
}
