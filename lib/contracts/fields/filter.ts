import type { Field } from '../field';
import { isRecord, rule } from '../rules';
import { preference, type PreferenceOptions } from './stored';

/** Which payloads are wanted, as an event pattern: see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html. */
export function filter(options: PreferenceOptions = {}): Field {
  const schema = {
    type: 'object' as const,
    additionalProperties: true,
    example: { status: ['shipped'], total: [{ numeric: ['>=', 100] }] },
  };
  const described =
    'Which payloads are wanted, as an event pattern of Amazon EventBridge: names, and for each a list of alternatives, or ' +
    'the names within. Null wants all.';
  const rules = [rule('object', isRecord, '$property must be an object such as {"status": ["shipped"]}')];
  return preference('filter', { schema, rules }, { description: described, ...options });
}
