import { applyDecorators } from '@nestjs/common';
import { IsString, Length, NotContains, ValidateBy } from 'class-validator';
import { urlFrom } from '../shared/url';
import { isTenant, LONGEST_TENANT } from '../shared/tenant';

/** A rule for a field, by a name that error formats know it by. `$property` in the message is the field. */
export function rule(name: string, passes: (value: unknown) => boolean, message: string): PropertyDecorator {
  return ValidateBy({ name, validator: { validate: passes, defaultMessage: () => message } });
}

/** It is there. */
export const Given = () => rule('required', (value) => value !== undefined, '$property is required');

/** It is not null. */
export const NotNull = () => rule('null', (value) => value !== null, '$property must not be null');

export const IsFlag = () => rule('boolean', (value) => typeof value === 'boolean', '$property must be true or false');

/** A flag that came as text. */
export function flagFromText(text: unknown): unknown {
  return ({ true: true, false: false } as Record<string, boolean>)[String(text)] ?? text;
}

/** One of a few texts. */
export function IsOneOf(choices: readonly unknown[]): PropertyDecorator {
  const expected = choices.length === 1 ? String(choices[0]) : `one of ${choices.join(', ')}`;
  return rule('choice', (value) => choices.includes(value), `$property must be ${expected}`);
}

/** Text that every database can store. */
export function IsText(shortest: number, longest: number): PropertyDecorator {
  const message = '$property must not contain a NUL character';
  return applyDecorators(IsString(), Length(shortest, longest), NotContains('\0', { message }));
}

/** A list of texts that passes a rule for each of them. */
export function IsTextList(most: number, passes: (text: string) => boolean, what: string): PropertyDecorator[] {
  const texts = (value: unknown): value is string[] =>
    Array.isArray(value) && value.every((each) => typeof each === 'string');
  const sized = (value: unknown) => texts(value) && value.length > 0 && value.length <= most;
  return [
    rule('list', texts, '$property must be a list of texts'),
    rule('size', sized, `$property must contain 1 to ${most} elements`),
    rule('choice', (value) => texts(value) && value.every(passes), `each value in $property must be ${what}`),
  ];
}

/** A URL that begins as it has to. */
export function IsUrlWith(schemes: readonly string[]): PropertyDecorator {
  const passes = (value: unknown) =>
    typeof value === 'string' && schemes.includes(urlFrom(value)?.protocol.slice(0, -1) ?? '');
  return rule('url', passes, `$property must be a URL that begins with ${schemes.join(':// or ')}://`);
}

/** What parsers of URLs silently leave out is not in it: what is stored, signed and shown is what is sent to. */
export function IsUnbroken(): PropertyDecorator {
  const passes = (value: unknown) => typeof value === 'string' && !/[\s\p{Cc}]/u.test(value);
  return rule('url', passes, '$property must be a URL without white space in it');
}

/** The id of a tenant. */
export function IsTenant(): PropertyDecorator {
  const message = `$property must be a text of 1 to ${LONGEST_TENANT} characters without NUL, and without white space at its ends`;
  return rule('isTenant', isTenant, message);
}

/** The sizes that a record of texts may have. */
export interface RecordLimits {
  readonly entries: number;
  readonly keyLength: number;
  readonly valueLength: number;
}

/** An object of texts by name. */
export function IsTextRecord(limits: RecordLimits): PropertyDecorator {
  const { entries, keyLength, valueLength } = limits;
  const message =
    `$property must be an object of at most ${entries} texts of at most ${valueLength} characters, ` +
    `their names 1 to ${keyLength} characters long, and without NUL characters`;
  return rule('isTextRecord', (value) => isTextRecord(value, limits), message);
}

function isTextRecord(value: unknown, limits: RecordLimits): boolean {
  if (!isRecord(value)) return false;
  const entries = Object.entries(value);
  return entries.length <= limits.entries && entries.every((entry) => isTextEntry(entry, limits));
}

function isTextEntry([key, value]: [string, unknown], { keyLength, valueLength }: RecordLimits): boolean {
  if (typeof value !== 'string' || value.length > valueLength) return false;
  return key.length > 0 && key.length <= keyLength && !`${key}${value}`.includes('\0');
}

/** Whether a value is an object as JSON has them. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
