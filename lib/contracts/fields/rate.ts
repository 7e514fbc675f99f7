import { isRate, RATE_DESCRIPTION, RATE_LIMITS } from '../../subscriptions/rate';
import type { Field } from '../field';
import type { ApiSchemaDescription } from '../generated/openapi';
import { rule } from '../rules';
import { preference, type PreferenceOptions } from './stored';

const { perSecond, burst } = RATE_LIMITS;

const SCHEMA: ApiSchemaDescription = {
  type: 'object',
  properties: {
    perSecond: { type: 'number', minimum: perSecond.least, maximum: perSecond.most },
    burst: { type: 'integer', minimum: burst.least, maximum: burst.most, default: 1 },
  },
  requiredMembers: ['perSecond'],
  additionalProperties: false,
};

const DESCRIPTION =
  'How many requests it gets in a second at the most, retries included, and how many at once after a quiet time. What ' +
  'has to wait uses up no attempts. Null for no limit of its own.';

/** How often its owner wants requests at the most: see `Rate`. */
export function rate(options: PreferenceOptions = {}): Field {
  const rules = [rule('rate', isRate, `$property must be ${RATE_DESCRIPTION}`)];
  return preference('rate', { schema: SCHEMA, rules }, { description: DESCRIPTION, ...options });
}
