import { BATCHING_DESCRIPTION, BATCHING_LIMITS, isBatching, USUAL_WAIT_MS } from '../../subscriptions/batching';
import type { Field } from '../field';
import type { ApiSchemaDescription } from '../generated/openapi';
import { rule } from '../rules';
import { preference, type PreferenceOptions } from './stored';

const { maxEvents, maxWaitMs } = BATCHING_LIMITS;

const SCHEMA: ApiSchemaDescription = {
  type: 'object',
  properties: {
    maxEvents: { type: 'integer', minimum: maxEvents.least, maximum: maxEvents.most },
    maxWaitMs: { type: 'integer', minimum: maxWaitMs.least, maximum: maxWaitMs.most, default: USUAL_WAIT_MS },
  },
  requiredMembers: ['maxEvents'],
  additionalProperties: false,
};

const DESCRIPTION =
  'Several events in one request: how many at the most, and for how long one may wait for others, in milliseconds. ' +
  'Null for a request each.';

/** Whether its owner wants several events in one request: see `Batching`. For contracts that have a form for it. */
export function batch(options: PreferenceOptions = {}): Field {
  const rules = [rule('batch', isBatching, `$property must be ${BATCHING_DESCRIPTION}`)];
  return preference('batch', { schema: SCHEMA, rules }, { description: DESCRIPTION, ...options });
}
