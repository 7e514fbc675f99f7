import { ADDRESS_NOT_ALLOWED } from './address-policy';
import type { Failed, FailureKind } from './transport';

/** What an error of the network means. */
export interface Failure {
  readonly failure: FailureKind;
  readonly detail: string;
}

const kinds: readonly (readonly [codes: RegExp, failure: FailureKind, sentence: string])[] = [
  [/^WEBHOOKS_ADDRESS_REFUSED$/, 'address_refused', ADDRESS_NOT_ALLOWED],
  [/^WEBHOOKS_PROXY_FAILED$/, 'connection', 'No connection could be made through the egress proxy'],
  [/^(ENOTFOUND|ENODATA|EAI_|ESERVFAIL|ETIMEOUT)/, 'dns', 'The host name could not be resolved'],
  [/CERT|SSL|TLS|UNABLE_TO_|INVALID_CA|HOSTNAME_MISMATCH|EPROTO/, 'tls', 'No secure connection could be made'],
  [
    /^(HPE_|HTTPParserError|UND_ERR_HEADERS_OVERFLOW|WEBHOOKS_(TOO_MANY_HINTS|ANSWER_TOO_LONG))/,
    'protocol',
    'The answer is not valid HTTP',
  ],
  [
    /^(ERR_INVALID|ERR_UNESCAPED|ERR_HTTP|ERR_BAD|UND_ERR_INVALID_ARG)/,
    'invalid_request',
    'The request cannot be sent',
  ],
  [/^ETIMEDOUT$/, 'timeout', 'The endpoint did not accept a connection in time'],
  [/^ECONNREFUSED$/, 'connection', 'The endpoint refused the connection'],
  [
    /^(ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH)$/,
    'connection',
    'The endpoint closed the connection before its answer was complete',
  ],
  [/^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/, 'connection', 'The endpoint cannot be reached'],
  [/(?:)/, 'connection', 'The request failed'],
];

export const CLOSED: Failure = {
  failure: 'closed',
  detail: 'The transport was closed before the answer was complete.',
};

export const TIMED_OUT: Failure = { failure: 'timeout', detail: 'The endpoint did not answer completely in time.' };

/** The answer that a failure amounts to. */
export function failed({ failure, detail }: Failure, durationMs: number): Failed {
  return { kind: 'failure', failure, detail, durationMs: failure === 'address_refused' ? 0 : durationMs };
}

/**
 * What an error that Node, axios or undici threw means for the request.
 * The detail is made from the error's code alone: messages name addresses, and subscribers read details.
 */
export function failureOf(error: unknown): Failure {
  const code = codeOf(error);
  const [, failure, sentence] = kinds.find(([codes]) => codes.test(code))!;
  return { failure, detail: failure === 'address_refused' ? sentence : `${sentence} (${code}).` };
}

/** The error's code, or that of what caused it. */
function codeOf(error: unknown): string {
  // Not by class: an error may come from another realm, such as one that Jest runs tests in.
  if (typeof error !== 'object' || error === null) return 'unknown';
  const { code, cause, name } = error as Partial<NodeJS.ErrnoException>;
  if (code) return code;
  return cause ? codeOf(cause) : (name ?? 'unknown');
}
