import type { ApiSchemaDescription } from '../generated/openapi';
import type { Field, Fields, Operation, ShownField } from '../field';

/** What may be said of a field that is only shown. */
export type ShownOptions = Pick<ShownField, 'in' | 'optional'>;

/** What the contract calls the subscription: its `identity`. */
export function identifier(): Field {
  return {
    shown: {
      // Filled in from the contract, which alone knows its identity.
      schema: {},
      value: (subscription, { contract }) => contract.description.identity.show(subscription),
    },
  };
}

/** The path of the subscription on this host. */
export function ownPath(): Field {
  return {
    shown: {
      schema: { type: String, format: 'uri-reference' },
      value: (subscription, { contract, collectionPath }) => {
        const { identity, trailingSlash } = contract.description;
        return `${collectionPath}/${identity.show(subscription)}${trailingSlash ? '/' : ''}`;
      },
    },
  };
}

/** The URL of the subscription, as the caller sees this host. */
export function ownUrl(): Field {
  const path = ownPath().shown!;
  return {
    shown: {
      schema: { type: String, format: 'uri' },
      value: (subscription, showing) => `${showing.origin}${String(path.value(subscription, showing))}`,
    },
  };
}

/** Always the same. */
export function constant(value: string | number | boolean | null, schema?: ApiSchemaDescription): Field {
  const described = schema ?? (value === null ? { type: String, nullable: true } : { enum: [value] });
  return { shown: { schema: described, value: () => value } };
}

/** Made from the whole subscription. */
export function computed(value: ShownField['value'], schema: ApiSchemaDescription, options: ShownOptions = {}): Field {
  return { shown: { schema, value, ...options } };
}

/** Whose it is, as the contract calls tenants; null where it is nobody's. */
export function tenant(schema: ApiSchemaDescription = { type: String }): Field {
  return {
    shown: {
      schema: { nullable: true, ...schema },
      value: (subscription, { contract }) =>
        subscription.tenant === null ? null : contract.description.scope.nameOf(subscription.tenant),
    },
  };
}

/** An object of fields. Those inside see to themselves. */
export function nested(parts: Fields): Field {
  return { parts };
}

/** The same field, in some answers only. */
export function shownIn(field: Field, ...operations: Operation[]): Field {
  return field.shown ? { ...field, shown: { ...field.shown, in: operations } } : field;
}

/** The same field, and in no answer. */
export function neverShown({ taken }: Field): Field {
  return { taken };
}
