import { presence, type Field, type Operation, type TakenOptions } from '../field';
import { IsText } from '../rules';

const LONGEST_SECRET = 200;

export interface SecretOptions extends TakenOptions {
  /** Who chooses it. @default 'caller' */
  readonly from?: 'caller' | 'server' | 'either';
  /** Which answers show it. @default 'always' */
  readonly shown?: 'always' | 'never' | readonly Operation[];
  /** How it looks where it is shown, such as `***`. @default as it is */
  readonly mask?: (secret: string) => string;
  readonly description?: string;
  /** A pattern of those that the server makes, for the documentation. */
  readonly pattern?: string;
}

/** What the requests of a subscription are signed with. */
export function secret(options: SecretOptions = {}): Field {
  const { from = 'caller', shown = 'always', mask = (plain: string) => plain } = options;
  const { description = 'What deliveries are signed with.', pattern } = options;
  return {
    ...(shown !== 'never' && {
      shown: {
        schema: { type: String, description, pattern, nullable: from === 'caller' && options.required === false },
        confidential: true,
        value: ({ secrets }) => (secrets[0] === undefined ? null : mask(secrets[0])),
        ...(shown !== 'always' && { in: shown }),
      },
    }),
    ...(from !== 'server' && {
      taken: {
        schema: { type: String, description, maxLength: LONGEST_SECRET },
        rules: [IsText(1, LONGEST_SECRET)],
        ...presence({ required: from === 'caller', ...options }),
        property: 'secret',
        take: (value: string, draft) => void (draft.secret = value),
      },
    }),
  };
}
