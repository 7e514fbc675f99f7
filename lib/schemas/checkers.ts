import { plainToInstance } from 'class-transformer';
import { validate, type ValidationError } from 'class-validator';
import { WebhooksConfigurationError } from '../shared/webhooks.error';
import { without, type JsonSchema } from '../topics/json-schema';
import type { StandardIssue, StandardSchema } from '../topics/standard-schema';
import type { PayloadType } from '../topics/topic';
import type { PayloadFlaw } from './payload-flaw';

/**
 * Finds what is wrong with a payload.
 * @param payload as it was published
 * @param text the JSON of it, as subscribers get it
 */
export type Checker = (payload: object, text: string) => readonly PayloadFlaw[] | Promise<readonly PayloadFlaw[]>;

/** By class-validator's decorators on a class; looks at the payload as it was published. */
export function classChecker(type: PayloadType<object>): Checker {
  const constructor = type as new () => object;
  return async (payload) => {
    const instance = payload instanceof type ? payload : plainToInstance(constructor, payload);
    return flawsOfErrors(await validate(instance, { forbidUnknownValues: false }));
  };
}

function flawsOfErrors(errors: readonly ValidationError[], within = ''): PayloadFlaw[] {
  return errors.flatMap(({ property, constraints = {}, children = [] }) => {
    const path = `${within}${property}`;
    const own = Object.entries(constraints).map(([rule, message]) => ({ path, rule, message }));
    return [...own, ...flawsOfErrors(children, `${path}.`)];
  });
}

/** By a schema of Zod and its kin; looks at the payload as it was published. */
export function standardChecker(schema: StandardSchema): Checker {
  return async (payload) => {
    const { issues = [] } = await schema['~standard'].validate(payload);
    return issues.map((issue) => ({ path: pathOf(issue), rule: ruleOf(issue), message: issue.message }));
  };
}

function pathOf({ path = [] }: StandardIssue): string {
  return path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
}

/** The standard has no names for rules; Zod has them as `code`, Valibot as `type`. */
function ruleOf(issue: StandardIssue & { readonly code?: unknown; readonly type?: unknown }): string {
  const named = [issue.code, issue.type].find((name) => typeof name === 'string' && /^\w{1,40}$/.test(name));
  return (named as string | undefined) ?? 'invalid';
}

/** What is used of Ajv 8. */
interface Ajv {
  compile(schema: object): { (value: unknown): boolean; errors?: readonly AjvError[] | null };
}
interface AjvError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
  readonly params: { readonly missingProperty?: string };
}

/**
 * By a JSON Schema, with Ajv; looks at the JSON of a payload. As the dialect 2020-12 has it, `format` only describes.
 * @throws WebhooksConfigurationError where Ajv is missing, or the schema is none
 */
export function jsonSchemaChecker(topic: string, schema: JsonSchema): Checker {
  const passes = compiled(topic, without(schema, '$schema'));
  return (_payload, text) => {
    if (passes(JSON.parse(text))) return [];
    return (passes.errors ?? []).map(({ instancePath, keyword, message = '', params }) => {
      const path = [...instancePath.split('/').slice(1), ...(params.missingProperty ? [params.missingProperty] : [])];
      return { path: path.join('.'), rule: keyword, message };
    });
  };
}

function compiled(topic: string, schema: JsonSchema): ReturnType<Ajv['compile']> {
  const Ajv2020 = loadAjv(topic);
  try {
    return new Ajv2020({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new WebhooksConfigurationError(`The schema of the topic "${topic}" is no JSON Schema: ${why}.`, { cause });
  }
}

function loadAjv(topic: string): new (options: object) => Ajv {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- only those who ask for it need it
    return (require('ajv/dist/2020') as { default: new (options: object) => Ajv }).default;
  } catch (cause) {
    throw new WebhooksConfigurationError(
      `Payloads of the topic "${topic}" cannot be validated against a JSON Schema without Ajv 8: npm install ajv@8. ` +
        'Or decorate the class of the payload with class-validator, or give a Standard Schema such as one of Zod.',
      { cause },
    );
  }
}
