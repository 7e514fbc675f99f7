import { subscriberDocs } from '../../documents/subscriber-docs';
import type { Command } from '../command';
import { ABOUT_DOCUMENTS, DOCUMENT_OPTIONS, DOCUMENT_PARAMETER, documentGiven } from '../published-document';
import { write } from '../written';

export const docs: Command = {
  name: 'docs',
  summary: 'write a page for subscribers, in Markdown',
  parameter: DOCUMENT_PARAMETER,
  about: [
    ABOUT_DOCUMENTS,
    'The page has how to verify what comes, and every topic by its group: when it happens, what is in it, an example.',
  ],
  options: DOCUMENT_OPTIONS,
  examples: ['docs https://api.example.com/webhooks/asyncapi.json --out webhooks.md'],
  async run(given, terminal) {
    await write(subscriberDocs(await documentGiven(given, terminal)), given, terminal);
    return 0;
  },
};
