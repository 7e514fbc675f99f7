import { WebhooksError } from '../shared/webhooks.error';

/** One thing that is wrong with a payload. */
export interface PayloadFlaw {
  /** Where, such as `lines.0.quantity`; empty where it is the whole. */
  readonly path: string;
  /** Which rule it breaks, in the words of what checked it: `isInt`, `required`, `invalid_type`. */
  readonly rule: string;
  /** What is wrong, in words that may contain parts of the payload where the schema's author wants that. */
  readonly message: string;
}

const MOST_SHOWN = 10;

/**
 * Thrown when a payload is not as its schema says, and `validate` is `'error'`; nothing is stored. The message has no
 * values of the payload in it.
 */
export class InvalidPayloadError extends WebhooksError {
  override readonly code = 'WEBHOOKS_INVALID_PAYLOAD';
  override readonly status = 422;

  constructor(
    /** The name of the topic. */
    readonly topic: string,
    /** All that is wrong. */
    readonly flaws: readonly PayloadFlaw[],
  ) {
    super(
      `The payload of "${topic}" is not as its schema says: ${flawsText(flaws)}. ` +
        'Publish what the schema says, or change the schema; what exactly is wrong is in `flaws`.',
    );
  }
}

/** Where and which rule, without values. */
export function flawsText(flaws: readonly Pick<PayloadFlaw, 'path' | 'rule'>[]): string {
  const shown = flaws.slice(0, MOST_SHOWN).map(({ path, rule }) => `${path === '' ? 'the whole' : path} (${rule})`);
  const more = flaws.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}
