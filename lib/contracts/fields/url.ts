import { presence, type Field, type TakenOptions } from '../field';
import { IsText, IsUnbroken, IsUrlWith } from '../rules';

const LONGEST_URL = 2048;

export interface UrlOptions extends TakenOptions {
  /** What it may begin with. @default ['https', 'http'] */
  readonly schemes?: readonly string[];
  readonly description?: string;
}

/** Where events are delivered to. */
export function url({ schemes, description, ...options }: UrlOptions = {}): Field {
  const words =
    description ??
    `Where events are delivered to: an absolute ${(schemes ?? ['http', 'https']).join(' or ')} URL on the public internet.`;
  const schema = { type: String, format: 'uri', description: words, example: 'https://example.com/webhooks' } as const;
  return {
    shown: { schema, value: (subscription) => subscription.url },
    taken: {
      schema: { ...schema, maxLength: LONGEST_URL },
      // Whether it is an address that may be sent to is for the host's policy to say, where all URLs may come from.
      rules: [IsText(1, LONGEST_URL), IsUnbroken(), ...(schemes ? [IsUrlWith(schemes)] : [])],
      ...presence({ required: true, ...options }),
      property: 'url',
      take: (value: string, draft) => void (draft.url = value),
    },
  };
}
