import type { ApiSchemaDescription } from '../generated/openapi';

const text = (description?: string) => ({ type: 'string', ...(description && { description }) });
const url = { type: 'string', format: 'uri', description: 'Where access tokens are asked for.' };
const authentication = {
  type: 'string',
  enum: ['basic', 'body'],
  default: 'basic',
  description: 'How the client says who it is to the server that gives tokens.',
};

/** What may be said of credentials, secrets included. */
export const takenCredentialSchema: ApiSchemaDescription = {
  type: 'object',
  nullable: true,
  description:
    'How requests say who we are, beside their signature; null takes it away. The secrets in it are never shown.',
  oneOf: [
    kind('basic', { username: text(), password: text() }),
    kind('bearer', { token: text() }),
    kind(
      'oauth2',
      { tokenUrl: url, clientId: text(), clientSecret: text() },
      { scope: text(), audience: text(), authentication },
    ),
    kind('certificate', { certificate: text('PEM'), key: text('PEM, without a passphrase') }),
  ],
};

/** What answers show of credentials. */
export const shownCredentialSchema: ApiSchemaDescription = {
  type: 'object',
  nullable: true,
  description: 'How requests say who we are, beside their signature, without the secrets; null where they do not.',
  selfRequired: ['type'],
  properties: {
    type: { type: 'string', enum: ['basic', 'bearer', 'oauth2', 'certificate', 'unreadable'] },
    username: text(),
    tokenUrl: url,
    clientId: text(),
    scope: text(),
    audience: text(),
    authentication,
    subject: text('Whom the certificate names.'),
    expiresAt: { type: 'string', format: 'date-time', description: 'When the certificate ends.' },
  },
};

function kind(type: string, required: object, optional: object = {}): object {
  const properties = { type: { type: 'string', enum: [type] }, ...required, ...optional };
  return { type: 'object', required: ['type', ...Object.keys(required)], properties, additionalProperties: false };
}
