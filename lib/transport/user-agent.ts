// An import would pull package.json into the compiler's root; bundlers follow a plain require.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { version } = require('../../package.json') as { version: string };

/** How this library introduces itself where the caller does not say otherwise. */
export const USER_AGENT = `nestjs-webhooks/${version}`;
