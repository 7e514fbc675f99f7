import { UnreadableSecretError } from '../shared/unreadable-secret.error';
import { urlFrom } from '../shared/url';
import type { EndpointCheck } from '../transport/endpoint-check';
import { objectionToCredential } from './credential-rules';
import type { Credential, CredentialContents, Credentials } from './credentials';
import { objectionToHeaders } from './owners-headers';
import type { SubscriptionChange } from './new-subscription';
import type { Subscription } from './subscription';
import type { FieldObjection } from './subscription-errors';

/** What is wrong with credentials that somebody wants, the address that tokens are asked for at included. */
export async function objectionsToCredentials(
  { credential, headers }: CredentialContents,
  endpoints: EndpointCheck,
): Promise<FieldObjection[]> {
  const ofHeaders = objectionToHeaders(headers) ?? objectionToBoth(credential, headers);
  const ofCredential = credential ? objectionToCredential(credential) : undefined;
  return [
    ...(ofHeaders === undefined ? [] : [{ field: 'headers', message: ofHeaders }]),
    ...(ofCredential === undefined ? [] : [{ field: 'credentials', message: ofCredential }]),
    ...(credential?.type === 'oauth2' && ofCredential === undefined
      ? await objectionsToTokenUrl(credential.tokenUrl, endpoints)
      : []),
  ];
}

/** Nobody would be shown a certificate over http. */
export function objectionsToScheme(url: string, credentials: Credentials): FieldObjection[] {
  if (credentials.isNone || urlFrom(url)?.protocol === 'https:' || !hasCertificate(credentials)) return [];
  return [{ field: 'url', message: 'a client certificate needs a URL that begins with https://', rule: 'url' }];
}

/**
 * Whoever may name another URL must not be sent there what no answer shows; nor what cannot be read now, for it would be
 * sent there once it can.
 */
export function objectionsToMove(
  current: Pick<Subscription, 'url' | 'credentials'>,
  { url, credentials, headers }: SubscriptionChange,
): FieldObjection[] {
  const origin = originOf(current.url);
  if (url === undefined || current.credentials.isNone || originOf(url) === origin) return [];
  const kept = readable(current.credentials);
  const unsaid = [
    ...(kept?.credential !== null && credentials === undefined ? ['credentials'] : []),
    ...(hasHeaders(kept) && headers === undefined ? ['headers'] : []),
  ];
  const message = `they were given for ${origin}: give them anew with a URL elsewhere, or take them away`;
  return unsaid.map((field) => ({ field, message }));
}

function originOf(url: string): string | undefined {
  return urlFrom(url)?.origin;
}

function hasCertificate(credentials: Credentials): boolean {
  return readable(credentials)?.credential?.type === 'certificate';
}

function hasHeaders(kept: CredentialContents | undefined): boolean {
  return kept === undefined || Object.keys(kept.headers).length > 0;
}

/** Undefined where they cannot be read at the moment. */
function readable(credentials: Credentials): CredentialContents | undefined {
  try {
    return credentials.all();
  } catch (error) {
    if (error instanceof UnreadableSecretError) return undefined;
    throw error;
  }
}

function objectionToBoth(credential: Credential | null, headers: CredentialContents['headers']): string | undefined {
  const isTaken = credential !== null && credential.type !== 'certificate';
  if (!isTaken || !Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')) return undefined;
  return '"Authorization" is what the credentials say; name one of the two';
}

async function objectionsToTokenUrl(tokenUrl: string, endpoints: EndpointCheck): Promise<FieldObjection[]> {
  const refusal = await endpoints.refusalOf(tokenUrl);
  if (!refusal) return [];
  const message = `tokenUrl cannot be sent to: ${refusal.detail}`;
  return [{ field: 'credentials', message, rule: refusal.reason === 'address' ? 'address' : 'url' }];
}
