/** What came of a validation; without issues, the value is good. */
export interface StandardResult {
  readonly issues?: readonly StandardIssue[] | undefined;
}

/** What is wrong with a value, and where. */
export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/**
 * A schema of Zod, Valibot, ArkType or any other library that speaks Standard Schema 1 (https://standardschema.dev).
 * `jsonSchema` is its extension Standard JSON Schema, which Zod has since 4.2.
 */
export interface StandardSchema<Input = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult | Promise<StandardResult>;
    readonly types?: { readonly input: Input; readonly output: unknown } | undefined;
    readonly jsonSchema?: {
      readonly input: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>;
    };
  };
}

/** Functions can be one too. */
export function isStandardSchema(value: unknown): value is StandardSchema {
  const candidate = (typeof value === 'object' && value !== null) || typeof value === 'function' ? value : {};
  return typeof (candidate as Partial<StandardSchema>)['~standard']?.validate === 'function';
}
