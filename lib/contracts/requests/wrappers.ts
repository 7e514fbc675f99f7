import { objectSchema } from '../generated/openapi';
import { isRecord } from '../rules';

/** What stands around the fields in requests and answers about one subscription. */
export interface Wrapper {
  /** What is inside a request: the fields, or a list of them. */
  readonly unwrap: (body: unknown) => unknown;
  /** Whether requests hold a list, which makes several subscriptions at once. @default false */
  readonly several?: boolean;
  /** @param content the fields, or a list of them where there are several */
  readonly wrap: (content: unknown) => unknown;
  /** The schema of what goes out, around that of the fields. */
  readonly schema: (content: object) => object;
  /** The schema of what comes in. @default that of what goes out */
  readonly requestSchema?: (content: object) => object;
}

/** Nothing. */
export const bare: Wrapper = {
  unwrap: (body) => body,
  wrap: (content) => content,
  schema: (content) => content,
};

/** An object with one member, such as `{"webhook": {…}}`. @param options whether requests have it too; they do by default */
export function wrapped(member: string, { requests = true }: { readonly requests?: boolean } = {}): Wrapper {
  return {
    unwrap: requests ? (body) => (isRecord(body) ? body[member] : undefined) : bare.unwrap,
    ...(!requests && { requestSchema: bare.schema }),
    wrap: (content) => ({ [member]: content }),
    schema: (content) => objectSchema({ [member]: content }),
  };
}
