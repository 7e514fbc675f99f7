import { UnreadableSecretError } from '../shared/unreadable-secret.error';
import { urlFrom } from '../shared/url';
import type { EndpointCheck } from '../transport/endpoint-check';
import { objectionToCredential } from './credential-rules';
import type { Credential, CredentialContents, Credentials } from './credentials';
import { objectionToHeaders } from './owners-headers';
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

/** One that cannot be read keeps nobody from naming another URL. */
function hasCertificate(credentials: Credentials): boolean {
  try {
    return credentials.all().credential?.type === 'certificate';
  } catch (error) {
    if (error instanceof UnreadableSecretError) return false;
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
