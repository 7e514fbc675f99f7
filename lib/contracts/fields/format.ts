import { DELIVERY_FORMATS } from '../../subscriptions/format';
import type { Field } from '../field';
import { isRecord, IsOneOf, rule } from '../rules';
import { preference, type PreferenceOptions } from './stored';

/** How deliveries look: see {@link formatted}. */
export function format(options: PreferenceOptions = {}): Field {
  const described =
    'How deliveries look: "full" has the payload, "thin" only the id of the event and a link to it, "cloudevents" and ' +
    '"cloudevents-binary" are CloudEvents 1.0. Null is "full".';
  const kind = { schema: { type: String, enum: [...DELIVERY_FORMATS] }, rules: [IsOneOf(DELIVERY_FORMATS)] };
  return preference('format', kind, { description: described, ...options });
}

const MOST_VERSIONS = 100;

/** Which version of each topic the subscription stays with. */
export function versions(options: PreferenceOptions = {}): Field {
  const isVersions = (value: unknown) =>
    isRecord(value) && Object.keys(value).length <= MOST_VERSIONS && Object.values(value).every(Number.isInteger);
  const described =
    'Which version of a topic is delivered, by topic: those of the day the topic was asked for, unless it is said here. Of ' +
    'a topic that is not named, the first.';
  const schema = {
    type: 'object' as const,
    additionalProperties: { type: 'integer', minimum: 1 },
    maxProperties: MOST_VERSIONS,
    example: { 'order.shipped': 2 },
  };
  const rules = [rule('object', isVersions, '$property must be an object such as {"order.shipped": 2}')];
  return preference('versions', { schema, rules }, { description: described, ...options });
}
