import { WebhooksConfigurationError } from '../shared/webhooks.error';

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** @throws WebhooksConfigurationError unless the text can be the name of a header */
export function assertHeaderName(option: string, name: unknown): void {
  if (typeof name === 'string' && TOKEN.test(name)) return;
  throw new WebhooksConfigurationError(`Expected ${option} to be the name of a header, got ${JSON.stringify(name)}.`);
}

/** @throws WebhooksConfigurationError unless the value is one of these */
export function assertOneOf(option: string, value: unknown, allowed: readonly string[]): void {
  if (allowed.includes(value as string)) return;
  const choices = allowed.map((choice) => `"${choice}"`).join(', ');
  throw new WebhooksConfigurationError(`Expected ${option} to be one of ${choices}, got ${JSON.stringify(value)}.`);
}
