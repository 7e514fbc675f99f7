import { IsOptional } from 'class-validator';
import { UnreadableSecretError } from '../../shared/unreadable-secret.error';
import { describeCertificate } from '../../subscriptions/client-certificate';
import { CREDENTIAL_TYPES } from '../../subscriptions/credential-rules';
import type { Credential, CredentialContents } from '../../subscriptions/credentials';
import { OWNERS_HEADERS_LIMITS } from '../../subscriptions/owners-headers';
import type { Subscription } from '../../subscriptions/subscription';
import { presence, type Field, type TakenOptions } from '../field';
import { listSchema } from '../generated/openapi';
import { isRecord, IsTextRecord, rule } from '../rules';
import { shownCredentialSchema, takenCredentialSchema } from './credential-schemas';
import { recordSchema } from './stored';

export type CredentialOptions = Omit<TakenOptions, 'required'>;

/**
 * How requests say who we are beside their signature: a password, a token, a client that gets tokens, or a certificate.
 * Answers show what is no secret of it; null is none, and takes it away.
 */
export function credentials(options: CredentialOptions = {}): Field {
  const hasType = (value: unknown) => isRecord(value) && CREDENTIAL_TYPES.includes(value.type as Credential['type']);
  const message = `$property must be null or an object whose "type" is one of ${CREDENTIAL_TYPES.join(', ')}`;
  return {
    shown: { schema: shownCredentialSchema, value: shownCredential },
    taken: {
      schema: takenCredentialSchema,
      rules: [IsOptional(), rule('credentials', hasType, message)],
      ...presence(options),
      property: 'credentials',
      take: (value: Credential | null, draft) => void (draft.credentials = value),
    },
  };
}

/** Headers for every request whose values may be secret: answers show their names only. */
export function secretHeaders(options: CredentialOptions = {}): Field {
  const described = 'Headers of each request, all of them anew. Those of the signature and of HTTP itself are refused.';
  const shown = { ...listSchema({ type: 'string' }), description: 'The names of the headers; their values stay here.' };
  return {
    shown: { schema: shown, value: (subscription) => namesOf(subscription) },
    taken: {
      schema: { ...recordSchema(OWNERS_HEADERS_LIMITS), description: described },
      rules: [IsTextRecord(OWNERS_HEADERS_LIMITS)],
      ...presence(options),
      property: 'headers',
      take: (value: Record<string, string>, draft) => void (draft.headers = value),
    },
  };
}

/** One that cannot be read must not take a whole list with it. */
function contentsOf({ credentials: stored }: Subscription): CredentialContents | undefined {
  try {
    return stored.all();
  } catch (error) {
    if (error instanceof UnreadableSecretError) return undefined;
    throw error;
  }
}

function namesOf(subscription: Subscription): string[] {
  return Object.keys(contentsOf(subscription)?.headers ?? {});
}

function shownCredential(subscription: Subscription): object | null {
  const contents = contentsOf(subscription);
  if (!contents) return { type: 'unreadable' };
  return contents.credential && publicPartsOf(contents.credential);
}

function publicPartsOf(credential: Credential): object {
  switch (credential.type) {
    case 'basic':
      return { type: credential.type, username: credential.username };
    case 'bearer':
      return { type: credential.type };
    case 'oauth2': {
      const { type, tokenUrl, clientId, scope, audience, authentication = 'basic' } = credential;
      return { type, tokenUrl, clientId, scope, audience, authentication };
    }
    case 'certificate': {
      const { subject, expiresAt } = describeCertificate(credential.certificate);
      return { type: credential.type, subject, expiresAt: new Date(expiresAt).toISOString() };
    }
  }
}
