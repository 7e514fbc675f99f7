import { eventTypes } from '../../documents/event-types';
import type { Command } from '../command';
import { ABOUT_DOCUMENTS, DOCUMENT_OPTIONS, DOCUMENT_PARAMETER, documentGiven } from '../published-document';
import { write } from '../written';

export const types: Command = {
  name: 'types',
  summary: 'write TypeScript types of what subscribers get',
  parameter: DOCUMENT_PARAMETER,
  about: [
    ABOUT_DOCUMENTS,
    'WebhookEvent is any event, told apart by its `type`. What JSON Schema says and TypeScript cannot (patterns, bounds) is ' +
      'left out, and what nobody describes is `unknown`.',
  ],
  options: DOCUMENT_OPTIONS,
  examples: [
    'types https://api.example.com/webhooks/asyncapi.json --out webhook-events.ts',
    'types asyncapi.json > webhook-events.ts',
  ],
  async run(given, terminal) {
    await write(eventTypes(await documentGiven(given, terminal)), given, terminal);
    return 0;
  },
};
