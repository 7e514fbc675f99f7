import { applyDecorators } from '@nestjs/common';
import { IsString, Length, NotContains, ValidateBy, ValidateIf } from 'class-validator';
import { isTenant, LONGEST_TENANT } from '../../shared/tenant';
import { apiProperty, type ApiSchemaDescription } from '../openapi';

/** Whether a field has to be there. What is optional may be left out, and is null only where it says so. */
export type Presence = 'required' | 'optional';

/** A field of a request: what it means and the rules for it, the most telling rule first. */
export function field(presence: Presence, description: ApiSchemaDescription, ...rules: PropertyDecorator[]) {
  const required = presence === 'required';
  const given = ValidateIf((_, value: unknown) => value !== undefined);
  return applyDecorators(...(required ? [] : [given]), ...rules, apiProperty({ ...description, required }));
}

/** Text that every database can store. */
export function IsText(shortest: number, longest: number): PropertyDecorator {
  const message = '$property must not contain a NUL character';
  return applyDecorators(IsString(), Length(shortest, longest), NotContains('\0', { message }));
}

/** The id of a tenant. */
export function IsTenant(): PropertyDecorator {
  const defaultMessage = () =>
    `$property must be a text of 1 to ${LONGEST_TENANT} characters without NUL, and without white space at its ends`;
  return ValidateBy({ name: 'isTenant', validator: { validate: isTenant, defaultMessage } });
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
  const defaultMessage = () =>
    `$property must be an object of at most ${entries} texts of at most ${valueLength} characters, ` +
    `their names 1 to ${keyLength} characters long, and without NUL characters`;
  const validate = (value: unknown) => isTextRecord(value, limits);
  return ValidateBy({ name: 'isTextRecord', validator: { validate, defaultMessage } });
}

function isTextRecord(value: unknown, limits: RecordLimits): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return entries.length <= limits.entries && entries.every((entry) => isTextEntry(entry, limits));
}

function isTextEntry([key, value]: [string, unknown], { keyLength, valueLength }: RecordLimits): boolean {
  if (typeof value !== 'string' || value.length > valueLength) return false;
  return key.length > 0 && key.length <= keyLength && !`${key}${value}`.includes('\0');
}
