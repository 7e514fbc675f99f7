import { CONTRACTS } from './served-contracts';

type Shape = (body: Record<string, unknown>) => boolean;

const isText = (value: unknown) => typeof value === 'string' && value.length > 0;
const saysByField = (value: unknown) =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((each) => Array.isArray(each) && each.length > 0 && each.every(isText));

/** What the body of an error looks like, for each contract. */
const SHAPES: Readonly<Record<string, Shape>> = {
  standard: ({ type, title, status, detail }) =>
    type === 'about:blank' && isText(title) && Number.isInteger(status) && isText(detail),
  readycloud: (body) => isText(body.detail) || saysByField(body),
  ewarehousing: ({ code, message, errors }) => (Number.isInteger(code) && isText(message)) || saysByField(errors),
  packcloud: ({ message, errors }) => isText(message) && (errors === undefined || saysByField(errors)),
};

/** Whether the text of an error is in the words of a contract. */
export function isErrorOf(contract: string, { text, type = '' }: { text: string; type?: string }): boolean {
  const { contentType = 'application/json' } = CONTRACTS.find(({ name }) => name === contract)!.description.errors;
  if (!type.startsWith(contentType)) return false;
  try {
    return SHAPES[contract]!(JSON.parse(text) as Record<string, unknown>);
  } catch {
    return false;
  }
}
