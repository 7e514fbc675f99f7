import { randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import axios from 'axios';
import { Queue, Worker, type Job } from 'bullmq';
import { Pool } from 'pg';
import { obey, settings } from '../../test/processes/commands';
import { flood, type Flooding, type Pipeline } from '../flood';
import { sampleBody } from '../sample';
import { newKey, signatureHeaders } from './signature';

export interface QueueSettings {
  readonly databaseUrl: string;
  readonly urls: readonly string[];
  readonly concurrency: number;
}

interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly body: string;
}

const NAME = 'webhooks';
const connection = { url: process.env.WEBHOOKS_BENCH_REDIS_URL ?? 'redis://127.0.0.1:6379' };
const prefix = `webhooks-bench-${randomBytes(8).toString('hex')}`;
const { databaseUrl, urls, concurrency } = settings<QueueSettings>();

/** What teams write today: a job per delivery, axios with keep-alive, one row per attempt. */
const pool = new Pool({ connectionString: databaseUrl });
const client = axios.create({
  httpAgent: new Agent({ keepAlive: true }),
  timeout: 15_000,
  maxRedirects: 0,
  maxContentLength: 16_384,
  proxy: false,
  responseType: 'text',
  transformRequest: [(body: string) => body],
  validateStatus: () => true,
});
const key = newKey();
const queue = new Queue<Webhook>(NAME, {
  connection,
  prefix,
  defaultJobOptions: { attempts: 9, backoff: { type: 'exponential', delay: 5_000 }, removeOnComplete: true },
});

async function deliver({ data: { id, url, body }, attemptsMade }: Job<Webhook>): Promise<void> {
  const startedAt = Date.now();
  const headers = { 'content-type': 'application/json', ...signatureHeaders(id, body, key) };
  const { status, data } = await client.post<string>(url, body, { headers });
  await pool.query({
    name: 'attempt',
    text: 'INSERT INTO attempt (event_id, url, number, started_at, duration_ms, status, body) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    values: [id, url, attemptsMade + 1, startedAt, Date.now() - startedAt, status, data],
  });
  if (status < 200 || status > 299) throw new Error(`answered ${status}`);
}

function pipelineOf(worker: Worker<Webhook>): Pipeline {
  return {
    publish: (index) => {
      const id = `evt_${randomBytes(16).toString('hex')}`;
      return queue.add('deliver', { id, url: urls[index % urls.length]!, body: sampleBody(index) });
    },
    onDone(listener) {
      const failed = (_: unknown, error: Error) => listener(error);
      const completed = () => listener();
      worker.on('completed', completed).on('failed', failed);
      return () => void worker.off('completed', completed).off('failed', failed);
    },
  };
}

const commandsOf = (worker: Worker<Webhook>) => ({
  flood: (flooding: Flooding) => flood(pipelineOf(worker), flooding),
});

export type QueueCommands = ReturnType<typeof commandsOf>;

async function main(): Promise<void> {
  await pool.query(
    'CREATE TABLE attempt (id bigserial PRIMARY KEY, event_id text NOT NULL, url text NOT NULL, number int NOT NULL, ' +
      'started_at bigint NOT NULL, duration_ms int NOT NULL, status int, body text)',
  );
  await pool.query('CREATE INDEX attempt_event ON attempt (event_id)');
  const worker = new Worker<Webhook>(NAME, deliver, { connection, prefix, concurrency });
  await worker.waitUntilReady();
  obey(commandsOf(worker), async () => {
    await worker.close();
    await queue.obliterate({ force: true });
    await queue.close();
    await pool.end();
  });
}

void main();
