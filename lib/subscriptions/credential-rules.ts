import { objectionToCertificate } from './client-certificate';
import type { Credential } from './credentials';

type Members = Readonly<
  Record<string, { readonly pattern: RegExp; readonly what: string; readonly optional?: boolean }>
>;

const WORDS = { pattern: /^[^\p{Cc}]{1,500}$/u, what: 'a text of 1 to 500 characters without control characters' };
const PEM = { pattern: /^[\x20-\x7e\r\n\t]+$/, what: 'PEM' };

/** What each kind consists of. Nothing that is said of a value repeats it. */
const KINDS: Readonly<Record<Credential['type'], Members>> = {
  basic: {
    username: { pattern: /^[^\p{Cc}:]{0,255}$/u, what: 'a text of at most 255 characters without ":" (RFC 7617)' },
    password: WORDS,
  },
  bearer: { token: { pattern: /^[\x21-\x7e]{1,4096}$/, what: 'a text of 1 to 4096 visible ASCII characters' } },
  oauth2: {
    tokenUrl: { pattern: /^[^\s\p{Cc}#]{1,2048}$/u, what: 'a URL' },
    clientId: WORDS,
    clientSecret: WORDS,
    scope: { pattern: /^[\x20-\x7e]{1,1000}$/, what: 'a text of 1 to 1000 ASCII characters', optional: true },
    audience: { ...WORDS, optional: true },
    authentication: { pattern: /^(basic|body)$/, what: '"basic" or "body"', optional: true },
  },
  certificate: { certificate: PEM, key: PEM },
};

/** The kinds of credentials that there are. */
export const CREDENTIAL_TYPES = Object.keys(KINDS) as Credential['type'][];

/** What is wrong with a credential, whoever gave it; undefined when nothing is. */
export function objectionToCredential(credential: Credential): string | undefined {
  const { type, ...members } = credential;
  const given: Readonly<Record<string, unknown>> = members;
  const known = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
  if (!known) return `expected a type of ${CREDENTIAL_TYPES.join(', ')}`;
  const stranger = Object.keys(given).find((name) => !Object.hasOwn(known, name));
  if (stranger !== undefined)
    return `those of the type "${type}" have ${Object.keys(known).join(', ')}, and nothing else`;
  const wrong = Object.entries(known).find(([name, { pattern, optional = false }]) => {
    const value = given[name];
    return value === undefined ? !optional : typeof value !== 'string' || !pattern.test(value);
  });
  if (wrong) return `expected ${wrong[0]} to be ${wrong[1].what}`;
  return credential.type === 'certificate' ? objectionToCertificate(credential) : undefined;
}
