import type { Subscription } from '../../subscriptions/subscription';
import { DEFAULT_OVERLAP_SECONDS, LONGEST_OVERLAP_SECONDS } from '../../subscriptions/secret-rotation';
import { UnreadableSecretError } from '../../shared/unreadable-secret.error';
import type { Contract } from '../contract';
import { presence, type Field, type Operation, type TakenOptions } from '../field';
import { IsText, rule } from '../rules';

const LONGEST_SECRET = 200;

export interface SecretOptions extends TakenOptions {
  /** Who chooses it. @default 'caller' */
  readonly from?: 'caller' | 'server' | 'either';
  /** Which answers show it. @default 'always' */
  readonly shown?: 'always' | 'never' | readonly Operation[];
  /** How it looks where it is shown, such as `***`. @default as it is */
  readonly mask?: (secret: string) => string;
  readonly description?: string;
  /** Whether some subscriptions have key pairs, for the documentation. @default false */
  readonly keyPairs?: boolean;
  /** A pattern of those that the server makes, for the documentation. */
  readonly pattern?: string;
}

/**
 * What the requests of a subscription are signed with. Null where it is a private key, which receivers have no use for, and
 * where it cannot be read: see {@link publicKey}.
 */
export function secret(options: SecretOptions = {}): Field {
  const { from = 'caller', shown = 'always', mask = (plain: string) => plain } = options;
  const { description = 'What deliveries are signed with.', pattern } = options;
  return {
    ...(shown !== 'never' && {
      shown: {
        schema: { type: String, description, pattern, nullable: options.keyPairs },
        confidential: true,
        value: (subscription, { contract }) => shownSecret(subscription, contract, mask),
        ...(shown !== 'always' && { in: shown }),
      },
    }),
    ...(from !== 'server' && {
      taken: {
        schema: { type: String, description, maxLength: LONGEST_SECRET },
        rules: [IsText(1, LONGEST_SECRET)],
        ...presence({ required: from === 'caller', ...options }),
        onRotate: 'optional',
        property: 'secret',
        take: (value: string, draft) => void (draft.secret = value),
      },
    }),
  };
}

/** The newest public key, `whpk_…` or PEM; null where a subscription has none, or it cannot be read. */
export function publicKey(): Field {
  const description = 'What verifies deliveries where they are signed with a private key; null elsewhere.';
  return {
    shown: {
      schema: { type: String, description, nullable: true },
      value: ({ secrets, settings }, { contract }) => {
        const scheme = contract.signatureFor(settings);
        const newest = scheme.hasKeyPairs ? readable(() => secrets.current()) : null;
        return newest === null ? null : (scheme.publicKeys([newest])[0]?.text ?? null);
      },
    },
  };
}

/** How long old secrets go on signing beside a new one, where one is asked for. */
export function overlapSeconds(): Field {
  const fits = (value: unknown) =>
    Number.isInteger(value) && Number(value) >= 0 && Number(value) <= LONGEST_OVERLAP_SECONDS;
  return {
    taken: {
      schema: {
        type: 'integer',
        description: 'How long what signed until now goes on signing beside the new secret; 0 replaces it at once.',
        minimum: 0,
        maximum: LONGEST_OVERLAP_SECONDS,
        default: DEFAULT_OVERLAP_SECONDS,
      },
      rules: [rule('overlap', fits, `$property must be a whole number from 0 to ${LONGEST_OVERLAP_SECONDS}`)],
      onCreate: 'absent',
      onUpdate: 'absent',
      onRotate: 'optional',
      property: 'overlapSeconds',
      fromText: (text) => (/^\d{1,9}$/.test(String(text)) ? Number(text) : text),
      take: (value: number, draft) => void (draft.overlapSeconds = value),
    },
  };
}

function shownSecret({ secrets, settings }: Subscription, contract: Contract, mask: (secret: string) => string) {
  if (contract.signatureFor(settings).hasKeyPairs) return null;
  const newest = readable(() => secrets.current());
  return newest === null ? null : mask(newest);
}

/** One that cannot be read must not take a whole list with it. */
function readable(read: () => string): string | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableSecretError) return null;
    throw error;
  }
}
