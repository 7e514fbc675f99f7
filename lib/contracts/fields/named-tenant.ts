import { IsOptional } from 'class-validator';
import { LONGEST_TENANT } from '../../shared/tenant';
import { presence, type Field } from '../field';
import { IsTenant } from '../rules';

/** Whose it is. Tenants may name themselves, and the operator anybody. */
export function namedTenant(): Field {
  const schema = { type: String, nullable: true } as const;
  const description = 'Whose it is. Only the operator may say; null is platform-wide: the events of every tenant.';
  return {
    shown: {
      schema: { ...schema, description: 'Whose it is; null is platform-wide.' },
      value: (subscription) => subscription.tenant,
    },
    taken: {
      schema: { ...schema, description, minLength: 1, maxLength: LONGEST_TENANT },
      rules: [IsOptional(), IsTenant()],
      ...presence({ onlyOnCreate: true }),
      property: 'tenant',
      take: (value: string | null, draft) => void (draft.tenant = value),
    },
  };
}
