import type { Type } from '@nestjs/common';
import type { Subscription } from '../../subscriptions/subscription';
import type { Contract } from '../contract';
import type { Draft, Fields, Operation, Showing } from '../field';
import { joinWords } from '../fields/topics';
import { formClass, queryClass, showAlike, viewClass, type FormPurpose } from './form-classes';
import { isRecord } from '../rules';

/** The classes that a contract's requests and answers are checked and documented with, and the way in and out. */
export class ContractForms {
  readonly create: Type<object>;
  readonly update: Type<object>;
  readonly replace: Type<object>;
  readonly rotate: Type<object>;
  readonly query: Type<object>;
  private readonly views = new Map<Operation, Type<object>>();

  constructor(private readonly contract: Contract) {
    const { noun, fields, list } = contract.description;
    this.create = formClass(`New${noun}`, fields, 'create');
    this.update = formClass(`${noun}Change`, fields, 'update');
    this.replace = formClass(`${noun}Replacement`, fields, 'replace');
    this.rotate = formClass(`${noun}Rotation`, fields, 'rotate');
    this.query = queryClass(`${noun}Query`, list?.query ?? {});
  }

  /** The class of what an operation shows; operations that show the same share it. */
  view(operation: Operation): Type<object> {
    const known = this.views.get(operation);
    if (known) return known;
    const { noun, fields } = this.contract.description;
    if (operation === 'rotate' && showAlike(fields, 'rotate', 'create')) return this.view('create');
    const alike = operation !== 'read' && showAlike(fields, operation, 'read');
    const name = operation === 'create' ? `Created${noun}` : `${noun}In${operation}`;
    const view = alike
      ? this.view('read')
      : viewClass(operation === 'read' ? noun : name, this.contract, operation, fields);
    this.views.set(operation, view);
    return view;
  }

  /** What an operation shows of a subscription, in the documented order. */
  show(subscription: Subscription, showing: Omit<Showing, 'contract'>): Record<string, unknown> {
    return shownFields(this.contract.description.fields, subscription, { ...showing, contract: this.contract });
  }

  /** What came as text, as the values that the fields want. */
  fromText(given: unknown): unknown {
    return fieldsFromText(this.contract.description.fields, given);
  }

  /** What checked fields want of a subscription. @param current what it is now, unless it is new */
  draft(given: object, purpose: FormPurpose, current?: Subscription): Draft {
    const draft: Draft = {};
    const taking = { contract: this.contract, draft, purpose, current };
    take(this.contract.description.fields, given as Record<string, unknown>, taking);
    if (draft.settings && current) draft.settings = { ...current.settings, ...draft.settings };
    if (draft.preferences && current) draft.preferences = { ...current.preferences, ...draft.preferences };
    return joinWords(draft, this.contract.description.topics, current);
  }
}

function shownFields(fields: Fields, subscription: Subscription, showing: Showing): Record<string, unknown> {
  const entries = Object.entries(fields).flatMap(([name, { shown, parts }]) => {
    if (parts) return [[name, shownFields(parts, subscription, showing)] as const];
    if (!shown || (shown.in && !shown.in.includes(showing.operation))) return [];
    const value = shown.value(subscription, showing);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

interface Taking {
  readonly contract: Contract;
  readonly draft: Draft;
  readonly purpose: FormPurpose;
  readonly current?: Subscription;
}

function take(fields: Fields, given: Record<string, unknown>, taking: Taking): void {
  const { contract, draft, purpose, current } = taking;
  for (const [name, { taken, parts }] of Object.entries(fields)) {
    const value = given[name] ?? undefined;
    if (parts) take(parts, isRecord(value) ? value : {}, taking);
    if (!taken) continue;
    const isWhole = purpose === 'create' || purpose === 'replace';
    const isSaid = given[name] !== undefined;
    const wanted = isSaid || !isWhole ? given[name] : taken.fallback;
    const { resumes } = draft;
    if (wanted !== undefined) taken.take(wanted as never, draft, contract, current);
    // What goes back to its default because nobody said it ends no suspension.
    if (!isSaid) draft.resumes = resumes;
  }
}

function fieldsFromText(fields: Fields, given: unknown): unknown {
  if (!isRecord(given)) return given;
  const entries = Object.entries(given).map(([name, value]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field?.parts) return [name, fieldsFromText(field.parts, value)];
    return [name, field?.taken?.fromText ? field.taken.fromText(value) : value];
  });
  return Object.fromEntries(entries) as unknown;
}
