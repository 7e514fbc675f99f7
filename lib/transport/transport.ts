import type { AddressPolicy } from './address-policy';
import type { ResolveHost } from './guarded-lookup';

/** What a TLS connection shows of whoever makes it. */
export interface ClientCertificate {
  /** PEM; certificates that lead to an authority may follow it. */
  readonly cert: string;
  /** PEM, without a passphrase. */
  readonly key: string;
}

/** One HTTP request, ready to go: nothing is added to it but a user agent where it names none. */
export interface OutgoingRequest {
  /** `GET`, `POST`, `PUT`, `PATCH`, `DELETE`, `HEAD` or `OPTIONS`. */
  readonly method: string;
  /** An absolute `http:` or `https:` URL without credentials. */
  readonly url: string;
  /**
   * The headers to send. Those that frame or route the message (`host`, `content-length`, `connection` and their kin)
   * are the transport's own and may not be given.
   */
  readonly headers: Readonly<Record<string, string>>;
  /** The exact text to send, as UTF-8. */
  readonly body?: string;
  /** How long the whole exchange may take, from resolving the name to the last byte of the answer, in milliseconds. */
  readonly timeoutMs: number;
  /**
   * What the connection shows of us; for `https:` URLs only. A connection that was made with one is used for requests
   * with the same, and for no other. @default what the transport was made with, if anything
   */
  readonly tls?: ClientCertificate;
  /** How much of the answer's body is kept, in bytes, up to 16,384. @default as much as the transport was told */
  readonly answerLimitBytes?: number;
}

/** What became of a request. */
export type Answer = Responded | Failed;

/**
 * The remote side answered. An answer counts when it is complete, or when its body has reached the transport's limit.
 */
export interface Responded {
  readonly kind: 'response';
  readonly status: number;
  /** The answer's headers, names in lower case. */
  readonly headers: Record<string, string>;
  /** The beginning of the answer's body, read as UTF-8; what is not UTF-8 text, and NUL, shows as U+FFFD. */
  readonly body: string;
  /** Whether the body went on beyond the limit. What lies beyond was not downloaded. */
  readonly truncated: boolean;
  /** How long the exchange took, in milliseconds. */
  readonly durationMs: number;
}

/** No answer that counts. */
export interface Failed {
  readonly kind: 'failure';
  readonly failure: FailureKind;
  /** One sentence that may be shown to the subscriber: it names no address of the network the request came from. */
  readonly detail: string;
  /** How long it took to fail, in milliseconds; 0 for a refused address, so that it tells nothing. */
  readonly durationMs: number;
}

/**
 * Why there is no answer.
 *
 * - `timeout`: it was not complete in time, even if the status line had come
 * - `address_refused`: the URL leads to an address that the address policy refuses; nothing was sent
 * - `dns`: the host name could not be resolved
 * - `connection`: no connection, or it broke off before the answer was complete
 * - `tls`: no secure connection, for instance because of the certificate
 * - `protocol`: what came back is not HTTP
 * - `invalid_request`: the request itself is wrong and was not sent
 * - `credentials`: nothing was sent, because what the endpoint wants to see of us could not be had: no access token
 * - `secret_unreadable`: nothing was sent, because this process cannot read what it would be signed with
 * - `closed`: the transport was closed meanwhile; says nothing about the endpoint
 */
export type FailureKind =
  | 'timeout'
  | 'address_refused'
  | 'dns'
  | 'connection'
  | 'tls'
  | 'protocol'
  | 'invalid_request'
  | 'credentials'
  | 'secret_unreadable'
  | 'closed';

/** Makes HTTP requests to addresses that strangers chose. */
export abstract class Transport {
  /** How it resolves host names, where not as the system does: new subscriptions are checked the same way. */
  readonly resolveHost?: ResolveHost;
  /**
   * Sends one request and tells what became of it.
   * Never rejects: what the remote side does is an outcome, not an exception. Redirects are reported, not followed.
   */
  abstract send(request: OutgoingRequest): Promise<Answer>;
  /** Closes every connection. Requests in flight fail as `closed`, and so does every later one. */
  abstract close(): Promise<void>;
}

/** What a transport has to know of the module's options. */
export interface TransportSettings {
  /** How much of an answer's body is downloaded and kept, in bytes. */
  readonly responseLimitBytes: number;
}

/**
 * Makes the transport of an application, once, at boot.
 * @param policy judges the address of every connection, and names the proxy that is to be used, if any; a transport
 * that does not ask it can be sent anywhere
 */
export type TransportFactory = (policy: AddressPolicy, settings: TransportSettings) => Transport;
