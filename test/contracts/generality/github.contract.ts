import { hmac } from 'nestjs-webhooks';
import {
  bareArray,
  choice,
  constant,
  createdAt,
  defineContract,
  del,
  enabled,
  get,
  identifier,
  namedTopics,
  nested,
  numberedPages,
  numbers,
  patch,
  pathParameters,
  ping,
  post,
  seconds,
  secret,
  topics,
  updatedAt,
  url,
  type Contract,
  type ContractPlace,
  type TopicMap,
} from 'nestjs-webhooks/contracts';

const EVENTS = ['push', 'issues', 'pull_request', '*'] as const;
const SENTENCES: Readonly<Record<string, string>> = { required: 'missing_field', choice: 'invalid' };

export interface GithubOptions extends ContractPlace {
  /** Which topics of the host the events stand for. */
  readonly events?: TopicMap<(typeof EVENTS)[number]>;
}

/** Repository webhooks as GitHub has them: https://docs.github.com/en/rest/repos/webhooks */
export function github({ events, ...place }: GithubOptions = {}): Contract {
  const names = namedTopics(EVENTS, events);
  return defineContract({
    ...place,
    name: 'github',
    path: 'repos/:owner/:repo/hooks',
    scope: pathParameters(['owner', 'repo']),
    topics: names,
    identity: numbers,
    operations: {
      list: get(),
      create: post(),
      read: get(':hook_id'),
      update: patch(':hook_id'),
      remove: del(':hook_id'),
      verify: post(':hook_id/pings', { status: 204, answers: 'nothing' }),
    },
    fields: {
      type: constant('Repository'),
      id: identifier(),
      name: constant('web'),
      active: enabled(),
      events: topics(names, { default: ['push'] }),
      config: nested({
        content_type: choice('content_type', ['json', 'form'], { default: 'form' }),
        insecure_ssl: choice('insecure_ssl', ['0', '1'], { default: '0' }),
        url: url(),
        secret: secret({ from: 'either', mask: () => '********' }),
      }),
      updated_at: updatedAt(seconds),
      created_at: createdAt(seconds),
    },
    list: numberedPages({ size: 30, largest: 100, sizeParameter: 'per_page', counts: true, envelope: bareArray() }),
    errors: {
      statusOf: ({ kind, status }) => (kind === 'invalid' ? 422 : status),
      bodyOf: ({ message, objections, status }) => ({
        message: objections.length > 0 ? 'Validation Failed' : message,
        ...(objections.length > 0 && {
          errors: objections.map(({ field, rule = '' }) => ({
            resource: 'Hook',
            code: SENTENCES[rule] ?? 'custom',
            field,
          })),
        }),
        documentation_url: 'https://docs.github.com/rest',
        status: String(status),
      }),
      schemaOf: () => ({ type: 'object', required: ['message', 'documentation_url', 'status'] }),
    },
    delivery: {
      headers: ({ topic, id }) => ({ 'X-GitHub-Event': topic, 'X-GitHub-Delivery': id }),
      body: ({ payload }) => payload,
      signature: hmac({ header: 'X-Hub-Signature-256', prefix: 'sha256=' }),
      timeoutMs: 10_000,
      handshake: ping({
        headers: () => ({ 'X-GitHub-Event': 'ping' }),
        body: ({ number, topics: wanted }) => ({
          zen: 'Keep it logically awesome.',
          hook_id: number,
          hook: { events: names.namesOf(wanted) },
        }),
      }),
    },
  });
}
