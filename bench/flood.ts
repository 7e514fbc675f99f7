import { now } from './now';

/** Something that takes events and delivers them. */
export interface Pipeline {
  publish(index: number): Promise<unknown>;
  /** Calls `listener` whenever one delivery is done with, to the last write; answers how to stop that. */
  onDone(listener: (error?: Error) => void): () => void;
}

export interface Flooding {
  readonly events: number;
  /** How many events may be published and not yet done with. */
  readonly ahead: number;
}

export interface Flooded {
  readonly perSecond: number;
  /** CPU time of the process, in microseconds per event. */
  readonly cpuMicroseconds: number;
}

/** Publishes as fast as deliveries are done with, and tells how fast that was. */
export async function flood(pipeline: Pipeline, { events, ahead }: Flooding): Promise<Flooded> {
  const startedAt = now();
  const cpu = process.cpuUsage();
  await allDone(pipeline, events, ahead);
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: (events / (now() - startedAt)) * 1_000, cpuMicroseconds: (user + system) / events };
}

function allDone(pipeline: Pipeline, events: number, ahead: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let published = 0;
    let done = 0;
    const publish = () => {
      while (published < events && published - done < ahead) pipeline.publish(published++).catch(reject);
    };
    const stop = pipeline.onDone((error) => {
      if (error) return reject(error);
      done += 1;
      if (done < events) return publish();
      stop();
      resolve();
    });
    publish();
  });
}
