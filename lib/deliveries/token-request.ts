import type { OAuth2Credential } from '../subscriptions/credentials';
import type { Answer, Failed, OutgoingRequest } from '../transport/transport';

/** A token, and for how long it may be used. */
export interface GrantedToken {
  readonly token: string;
  readonly usableMs: number;
}

const ANSWER_LIMIT_BYTES = 16_384;
const UNSAID_SECONDS = 300;
/** What a server says is bounded: it must not have us ask all the time, nor hold what it has long forgotten. */
const SHORTEST_SECONDS = 10;
const LONGEST_SECONDS = 86_400;
const LONGEST_MARGIN_SECONDS = 30;

/** RFC 6749, section 5.2. Nothing else of what a server says is told, for it could be anything. */
const ERRORS = new Set([
  ...['invalid_request', 'invalid_client', 'invalid_grant'],
  ...['unauthorized_client', 'unsupported_grant_type', 'invalid_scope'],
]);

/** The request for a token (RFC 6749, section 4.4.2). */
export function tokenRequest(credential: OAuth2Credential, timeoutMs: number): OutgoingRequest {
  const { tokenUrl: url, scope, audience, clientId, clientSecret, authentication = 'basic' } = credential;
  const inBody = authentication === 'body' ? { client_id: clientId, client_secret: clientSecret } : {};
  const fields = { grant_type: 'client_credentials', scope, audience, ...inBody };
  const said = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const inHeader: Record<string, string> =
    authentication === 'basic' ? { authorization: clientAuthorization(clientId, clientSecret) } : {};
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json', ...inHeader };
  const body = new URLSearchParams(said).toString();
  return { method: 'POST', url, headers, body, timeoutMs, answerLimitBytes: ANSWER_LIMIT_BYTES };
}

/** The token in an answer, or why there is none. */
export function tokenIn(answer: Answer): GrantedToken | Failed {
  if (answer.kind === 'failure') return withoutToken(answer);
  const { status, body, durationMs } = answer;
  const said = parsed(body);
  if (status < 200 || status > 299) return refused(`answered with ${status}${errorIn(said)}`, durationMs);
  const { access_token: token, token_type: type = 'Bearer', expires_in: seconds } = said;
  if (typeof token !== 'string' || !/^[\x21-\x7e]{1,8192}$/.test(token)) {
    return refused('answered with no access token', durationMs);
  }
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer') {
    return refused('answered with a token that is none of the type "Bearer"', durationMs);
  }
  return { token, usableMs: usableSeconds(seconds) * 1_000 };
}

/** RFC 6749, section 2.3.1: both parts are encoded as in forms before they are put together. */
function clientAuthorization(clientId: string, clientSecret: string): string {
  const text = `${formEncoded(clientId)}:${formEncoded(clientSecret)}`;
  return `Basic ${Buffer.from(text).toString('base64')}`;
}

function formEncoded(text: string): string {
  return new URLSearchParams({ text }).toString().slice('text='.length);
}

/** Ends a little before the token does, for requests that take their time. */
function usableSeconds(expiresIn: unknown): number {
  const said = typeof expiresIn === 'string' && /^\d{1,10}$/.test(expiresIn) ? Number(expiresIn) : expiresIn;
  const seconds = typeof said === 'number' && Number.isFinite(said) ? said : UNSAID_SECONDS;
  const bounded = Math.min(Math.max(seconds, SHORTEST_SECONDS), LONGEST_SECONDS);
  return bounded - Math.min(LONGEST_MARGIN_SECONDS, bounded / 10);
}

function withoutToken(failed: Failed): Failed {
  const detail = `No access token could be had. ${failed.detail}`;
  const isTold = failed.failure === 'closed' || failed.failure === 'address_refused';
  return { ...failed, failure: isTold ? failed.failure : 'credentials', detail };
}

function refused(what: string, durationMs: number): Failed {
  const detail = `No access token could be had: the token endpoint ${what}.`;
  return { kind: 'failure', failure: 'credentials', detail, durationMs };
}

function errorIn({ error }: Record<string, unknown>): string {
  return typeof error === 'string' && ERRORS.has(error) ? ` (${error})` : '';
}

function parsed(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
