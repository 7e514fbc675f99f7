import { readFile } from 'node:fs/promises';
import { publishedEvents, type PublishedEvents } from '../documents/published-events';
import { urlFrom } from '../shared/url';
import { CommandError, UsageError, type OptionDescription } from './command';
import type { Given } from './given';
import type { Terminal } from './terminal';

export const DOCUMENT_PARAMETER = 'DOCUMENT';

export const DOCUMENT_OPTIONS: readonly OptionDescription[] = [
  {
    name: 'header',
    value: 'HEADER',
    help: 'What the URL wants to see, such as "authorization: Bearer …". Default: WEBHOOKS_HEADER, where a key is better kept.',
  },
  { name: 'out', value: 'FILE', help: 'Where to write it. Default: it is printed.' },
];

export const ABOUT_DOCUMENTS =
  'DOCUMENT is an AsyncAPI document, such as your host has at webhooks/asyncapi.json, or an OpenAPI 3.1 document with ' +
  'webhooks, as JSON: a file, or a URL with https, or with http on this machine.';

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const NEEDS_KEY = '. Give the header that its guard wants to see with --header or WEBHOOKS_HEADER';
const REMEDIES: Readonly<Record<number, string>> = { 401: NEEDS_KEY, 403: NEEDS_KEY };

const LONGEST_BYTES = 20_000_000;
const TIMEOUT_MS = 30_000;

/** What the document says that a command was given. */
export async function documentGiven(given: Given, terminal: Terminal): Promise<PublishedEvents> {
  const source = given.required('a document: a file or a URL');
  const url = /^https?:/i.test(source) ? urlFrom(source) : undefined;
  const text = url ? await fetched(url, headerOf(given, terminal), terminal.signal) : await read(source);
  try {
    return publishedEvents(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof SyntaxError ? 'It is not JSON.' : (cause as Error).message;
    throw new CommandError(`${source} cannot be used: ${why}`, { cause });
  }
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new CommandError(`${file} cannot be read: ${(cause as Error).message}.`, { cause });
  }
}

async function fetched(url: URL, headers: Record<string, string>, interruption: AbortSignal): Promise<string> {
  if (url.protocol !== 'https:' && !LOOPBACK.test(url.hostname)) {
    throw new UsageError('Expected a URL with https: what comes over http may be anybody else’s.');
  }
  const shown = url.origin + url.pathname;
  try {
    const signal = AbortSignal.any([interruption, AbortSignal.timeout(TIMEOUT_MS)]);
    const answer = await fetch(url, { headers: { accept: 'application/json', ...headers }, redirect: 'error', signal });
    if (answer.ok && answer.body) return await textOf(answer.body);
    throw new Error(`the answer is ${answer.status}${REMEDIES[answer.status] ?? ''}`);
  } catch (cause) {
    const { message, cause: deeper } = cause as Error;
    const why = deeper instanceof Error && deeper.message !== '' ? deeper.message : message;
    throw new CommandError(`${shown} cannot be read: ${why}.`, { cause });
  }
}

async function textOf(body: ReadableStream<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > LONGEST_BYTES) throw new Error(`it is longer than ${LONGEST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function headerOf(given: Given, { env }: Terminal): Record<string, string> {
  const text = given.text('header') ?? env.WEBHOOKS_HEADER ?? '';
  if (text === '') return {};
  const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):[ \t]*([^\r\n\0]+)$/.exec(text) ?? [];
  if (name !== undefined) return { [name.toLowerCase()]: value! };
  throw new UsageError('Expected --header to be a name, a colon and a value, such as "authorization: Bearer …".');
}
