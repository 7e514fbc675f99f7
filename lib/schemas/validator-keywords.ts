import type { JsonSchema } from '../topics/json-schema';

type Keywords = (constraints: readonly unknown[]) => JsonSchema;

const numbers = (keyword: string): Keywords => {
  return ([limit]) => (typeof limit === 'number' ? { [keyword]: limit } : {});
};

const lengths = (least: string, most: string): Keywords => {
  return ([shortest, longest]) => ({ ...numbers(least)([shortest]), ...numbers(most)([longest]) });
};

/** What class-validator's decorators mean, by the names that they go by among its metadata. */
const KEYWORDS: Readonly<Record<string, Keywords>> = {
  isString: () => ({ type: 'string' }),
  isNumber: () => ({ type: 'number' }),
  isInt: () => ({ type: 'integer' }),
  isBoolean: () => ({ type: 'boolean' }),
  isArray: () => ({ type: 'array' }),
  isObject: () => ({ type: 'object' }),
  isNotEmptyObject: () => ({ type: 'object', minProperties: 1 }),
  // As JSON has it.
  isDate: () => ({ type: 'string', format: 'date-time' }),
  isRfc3339: () => ({ type: 'string', format: 'date-time' }),
  isEmail: () => ({ type: 'string', format: 'email' }),
  isUuid: () => ({ type: 'string', format: 'uuid' }),
  isIn: ([values]) => ({ enum: Array.isArray(values) ? values : [] }),
  isEnum: ([values]) => ({ enum: valuesOf(values) }),
  equals: ([value]) => ({ const: value }),
  min: numbers('minimum'),
  max: numbers('maximum'),
  isPositive: () => ({ exclusiveMinimum: 0 }),
  isNegative: () => ({ exclusiveMaximum: 0 }),
  isDivisibleBy: numbers('multipleOf'),
  minLength: numbers('minLength'),
  maxLength: numbers('maxLength'),
  isLength: lengths('minLength', 'maxLength'),
  matches: ([pattern]) => (pattern instanceof RegExp && pattern.flags === '' ? { pattern: pattern.source } : {}),
  arrayMinSize: numbers('minItems'),
  arrayMaxSize: numbers('maxItems'),
  arrayNotEmpty: () => ({ minItems: 1 }),
  arrayUnique: ([identifier]) => (identifier === undefined ? { uniqueItems: true } : {}),
};

/** Those that only text passes, and that JSON Schema has no better word for. */
const TEXT = [
  ...['isAlpha', 'isAlphanumeric', 'isAscii', 'isBase32', 'isBase64', 'isBase58', 'isBIC', 'isBooleanString'],
  ...['isBtcAddress', 'isByteLength', 'isCreditCard', 'isCurrency', 'isDataURI', 'isDateString', 'isDecimal', 'isEAN'],
  ...['isEthereumAddress', 'isFirebasePushId', 'isFQDN', 'isHalfWidth', 'isFullWidth', 'isHash', 'isHexadecimal'],
  ...['isHexColor', 'isHSL', 'isIBAN', 'isIP', 'isISBN', 'isISIN', 'isISO31661Alpha2', 'isISO31661Alpha3', 'isISO4217'],
  ...['isISO6391', 'isIso8601', 'isISRC', 'isISSN', 'isJson', 'isJWT', 'isLocale', 'isLowercase', 'isMACAddress'],
  ...['isMagnetURI', 'isMilitaryTime', 'isMimeType', 'isMobilePhone', 'isMongoId', 'isMultibyte', 'isNumberString'],
  ...['isOctal', 'isPassportNumber', 'isPhoneNumber', 'isPort', 'isPostalCode', 'isRgbColor', 'isSemVer'],
  ...['isStrongPassword', 'isSurrogatePair', 'isTaxId', 'isTimeZone', 'isUppercase', 'isUrl', 'isVariableWidth'],
];

/** What one decorator says of a value; nothing where JSON Schema cannot say it, such as of a rule of the host's own. */
export function keywordsOf(decorator: string | undefined, constraints: readonly unknown[] | undefined): JsonSchema {
  if (decorator === undefined) return {};
  if (TEXT.includes(decorator)) return { type: 'string' };
  return Object.hasOwn(KEYWORDS, decorator) ? KEYWORDS[decorator]!(constraints ?? []) : {};
}

/** The values of an enum of TypeScript: one of numbers has its names among them. */
function valuesOf(values: unknown): unknown[] {
  if (typeof values !== 'object' || values === null) return [];
  const entries = Object.entries(values).filter(([name]) => !/^\d+$/.test(name) || Array.isArray(values));
  return entries.map(([, value]) => value as unknown);
}
