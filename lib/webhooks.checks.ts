import { inspect } from 'node:util';
import { urlFrom } from './shared/url';
import { WebhooksConfigurationError } from './shared/webhooks.error';
import { nearest } from './topics/nearest';

export function assertKnown(options: object, known: readonly string[], within = ''): void {
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const name = `${within}${key}`;
    const near = nearest(key, known);
    throw new WebhooksConfigurationError(
      `WebhooksModule has no option "${name}"${near === undefined ? '' : ` (did you mean "${near}"?)`}.`,
    );
  }
}

export function whole(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw unexpected(name, `a whole number from ${least} to ${most}`, value);
}

export function oneOf<Value>(name: string, value: Value, allowed: readonly Value[]): Value {
  if (allowed.includes(value)) return value;
  throw unexpected(name, allowed.map((each) => inspect(each)).join(' or '), value);
}

/** A URL without a slash at its end; empty where none is given. */
export function publicUrl(name: string, given: string | undefined): string {
  if (given === undefined) return '';
  const url = typeof given === 'string' ? urlFrom(given) : undefined;
  const isPlain = url && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '' && url.username === '';
  if (isPlain) return url.href.replace(/\/+$/, '');
  throw unexpected(name, 'a URL such as "https://api.example.com/v1"', given);
}

export function factory<Made>(name: string, value: Made): Made {
  if (typeof value === 'function') return value;
  throw unexpected(name, `a function such as axiosTransport() or undiciTransport() returns`, value);
}

export function unexpected(name: string, expected: string, got: unknown): WebhooksConfigurationError {
  const shown = inspect(got, { maxStringLength: 40 });
  return new WebhooksConfigurationError(`Expected ${name} to be ${expected}, got ${shown}.`);
}
